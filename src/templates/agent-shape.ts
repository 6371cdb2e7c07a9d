import { z } from 'zod';
import { MAX_SLOTS } from '../core/slots.ts';
import { housekeepingShape } from './housekeeping-shape.ts';
import { LIMIT_KEY_FORMS, parseLimitKey } from './limit-key.ts';
import { agentNotify } from './notify-shape.ts';
import { runConfigShape } from './run-config-shape.ts';
import * as shape from './shapes.ts';

const inherit = z.enum(['current-task']);

const ecs = z.strictObject({
  cluster: shape.text.nullish(),
  launchType: shape.text.nullish(),
  capacityProviderStrategy: shape.list.nullish(),
  taskDefinition: shape.taskDefinition.nullish(),
  runTaskKwargs: shape.runTaskKwargs.nullish(),
  containerName: shape.text.nullish(),
  image: shape.text.nullish(),
  taskRoleArn: shape.text.nullish(),
  executionRoleArn: shape.text.nullish(),
  env: shape.variables.nullish(),
  secrets: shape.secretMap.nullish(),
  secretsTag: shape.text.nullish(),
  familyPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'has to be 1 to 64 letters, digits, "-" or "_"')
    .nullish(),
  network: shape.network.extend({ inherit: inherit.nullish() }).nullish(),
  inherit: inherit.nullish(),
});

const profile = z.strictObject({
  cpu: shape.cpuSize.optional(),
  memory: shape.memorySize.optional(),
  ephemeralStorage: z.int({ error: 'has to be a whole number of GiB' }).optional(),
});

const packageAddress = z
  .string()
  .regex(/^s3:\/\/[^/]+\/.+\.(zip|tar\.gz|tgz)$/, 'has to be s3://bucket/key.zip or s3://bucket/key.tar.gz');

const packageFacts = z.strictObject({
  uri: packageAddress,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'has to be 64 hexadecimal digits in lower case')
    .optional(),
  bytes: z.int().min(1).optional(),
});

const concurrencyLimit = z.strictObject({
  key: shape.text.refine((key) => parseLimitKey(key) !== undefined, `has to be ${LIMIT_KEY_FORMS}`),
  limit: shape.slotLimit,
});

const rate = z.number().min(0);
const rates = z.strictObject({ vcpu: rate, gb: rate });

/** US dollars an hour, in a region: contract prices, or a region that the built-in table lacks. */
const regionPrices = z.strictObject({ x86: rates, arm: rates, storage: rate.optional() });

/** agent.yaml (DESIGN 7.2). */
export const agentShape = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}$/, 'has to be 1 to 128 letters, digits, ".", "-" or "_"')
    .optional(),
  labels: z.array(shape.text).default([]),
  strictLabels: z.boolean().default(false),
  queues: z.array(z.strictObject({ url: shape.text, priority: z.int().min(-1000).max(1000).default(0) })).default([]),
  events: z.strictObject({ queueUrl: shape.text }).optional(),
  table: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, 'has to be the name of a DynamoDB table')
    .optional(),
  bucket: shape.s3Location.optional(),
  flows: shape.text.default('./flows'),
  roots: z.array(shape.text).default([]),
  ecs: ecs.prefault({}),
  profiles: z.record(z.string(), profile).default({}),
  packages: z
    .record(
      z.string(),
      z.union([packageAddress, packageFacts], { error: 'has to be an s3:// address, or a map with uri' }),
    )
    .default({}),
  deployments: z.record(z.string(), z.array(shape.text)).default({}),
  environments: z.record(z.string(), z.strictObject({ runConfig: runConfigShape.optional() })).default({}),
  limits: z
    .strictObject({
      concurrentRuns: z.int().min(1).default(100),
      launchesPerSecond: z.number().positive().default(18),
      registrationsPerSecond: z.number().positive().default(0.9),
      readsPerSecond: z.number().positive().default(15),
      stopsPerSecond: z.number().positive().default(15),
      concurrency: z.array(concurrencyLimit).max(MAX_SLOTS).default([]),
    })
    .prefault({}),
  timeouts: shape.timeouts.prefault({}),
  retries: shape.retryRules.prefault({}),
  http: z
    .strictObject({ address: shape.text.default('http://127.0.0.1:4200'), token: shape.text.optional() })
    .prefault({}),
  senders: z.record(shape.text, z.array(shape.text)).optional(),
  housekeeping: housekeepingShape.prefault({}),
  notify: agentNotify.default([]),
  prices: z.record(shape.text, regionPrices).default({}),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});
