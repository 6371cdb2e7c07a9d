import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import type { Fault } from './fault.ts';
import type { Json, JsonMap } from './json.ts';
import { isJsonMap } from './json.ts';
import { parseJsonText } from './parse-json-text.ts';
import { err, ok, type Result } from './result.ts';
import { RUN_ID_PATTERN } from './run-identity.ts';
import type { RunRequest } from './run-request.ts';

/** The words of other launchers' requests; each means one path of ours. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  flow_name: ['flow'],
  flow_version: ['flowVersion'],
  run_id: ['runId'],
  idempotency_key: ['idempotencyKey'],
  org_id: ['org'],
  deployment_name: ['deployment'],
  correlation_id: ['correlationId'],
  trigger_source: ['trigger', 'source'],
  triggered_by: ['trigger', 'by'],
  workload_profile: ['runConfig', 'profile'],
  cpu: ['runConfig', 'cpu'],
  memory: ['runConfig', 'memory'],
  ephemeral_storage_gib: ['runConfig', 'ephemeralStorage'],
  extra_env_vars: ['runConfig', 'env'],
  secrets_env: ['runConfig', 'secrets'],
};

/** Control characters and halves of a surrogate pair. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

/** Names and ids go into indexes, logs and the environment of a task. */
const text = z
  .string()
  .min(1)
  .max(256)
  .refine((value) => !UNFIT.test(value), 'has characters that no name can have');
const moment = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const s3Uri = z.string().refine(isS3File, 'expected s3://bucket/key');
const jsonMap = z.custom<JsonMap>(isMap, 'expected an object');

const SHAPE = z.strictObject({
  flow: text,
  flowVersion: text.default('latest'),
  runId: z.string().regex(RUN_ID_PATTERN, 'expected 1 to 64 letters, digits, "-" or "_"').optional(),
  idempotencyKey: text.optional(),
  org: text.default('default'),
  environment: text.optional(),
  deployment: text.optional(),
  parameters: jsonMap.default({}),
  parametersS3Uri: s3Uri.optional(),
  runConfig: jsonMap.default({}),
  labels: z.array(text).default([]),
  priority: z.int().min(-1000).max(1000).default(0),
  notBefore: moment.optional(),
  expiresAt: moment.optional(),
  correlationId: text.optional(),
  trigger: z.strictObject({ source: text.default('queue'), by: text.optional() }).default({ source: 'queue' }),
  metadata: jsonMap.default({}),
});

/** Amazon S3 User Guide, "General purpose bucket naming rules": no bucket looks like an address of the network. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const MAX_KEY_BYTES = 1_024;

function isS3File(uri: string): boolean {
  const [scheme, empty, bucket = '', ...parts] = uri.split('/');
  const key = parts.join('/');
  const isBucket = BUCKET.test(bucket) && !bucket.includes('..') && !IP_ADDRESS.test(bucket);
  const isKey = key !== '' && Buffer.byteLength(key) <= MAX_KEY_BYTES && !UNFIT.test(key);
  return scheme === 's3:' && empty === '' && isBucket && isKey && !parts.some((part) => part === '.' || part === '..');
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const KEYS = Object.keys(SHAPE.shape);

/** A request as it was read, and the body that its identity is judged by. */
export interface ParsedRunRequest {
  readonly request: RunRequest;
  /** The body in our own words, before defaults: equal wishes are equal here. */
  readonly body: JsonMap;
}

/** Reads a message body (DESIGN 7.1): all of its faults at once, each naming its key. Never throws. */
export function parseRunRequest(bodyText: string): Result<ParsedRunRequest, readonly Fault[]> {
  const json = parseJsonText(bodyText);
  if (!json.ok) return err([json.error]);
  if (!isJsonMap(json.value)) return err([{ message: 'the body is not a JSON object' }]);
  const body = translateAliases(json.value);
  if (!body.ok) return err(body.error);
  return parseRunRequestMap(body.value);
}

/** The same for a body that is parsed already, in our own words. */
export function parseRunRequestMap(body: JsonMap): Result<ParsedRunRequest, readonly Fault[]> {
  const parsed = SHAPE.safeParse(body);
  if (!parsed.success) return err(parsed.error.issues.flatMap(faultsOfIssue));
  if (parsed.data.parametersS3Uri !== undefined && Object.keys(parsed.data.parameters).length > 0) {
    return err([{ message: 'parameters and parametersS3Uri exclude each other' }]);
  }
  return ok({ request: withoutUndefined(parsed.data), body });
}

function translateAliases(body: JsonMap): Result<JsonMap, readonly Fault[]> {
  const isAlias = ([key]: readonly [string, Json]) => Object.hasOwn(ALIASES, key);
  const entries = Object.entries(body);
  const aliased = entries.filter(isAlias);
  if (aliased.length === 0) return ok(body);
  const own: Record<string, Json> = Object.fromEntries(entries.filter((entry) => !isAlias(entry)));
  const faults = aliased.flatMap(([alias, value]): Fault[] => {
    const path = ALIASES[alias] ?? [];
    if (value === null || place(own, path, value)) return [];
    return [{ message: `${alias} and ${path.join('.')} say the same thing twice` }];
  });
  return faults.length > 0 ? err(faults) : ok(own);
}

function place(target: Record<string, Json>, [first = '', second]: readonly string[], value: Json): boolean {
  if (second === undefined) {
    if (Object.hasOwn(target, first)) return false;
    target[first] = value;
    return true;
  }
  const inner = Object.hasOwn(target, first) ? target[first] : {};
  if (!isJsonMap(inner) || Object.hasOwn(inner, second)) return false;
  target[first] = { ...inner, [second]: value };
  return true;
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const message = `unknown key "${path === '' ? key : `${path}.${key}`}"`;
      const near = path === '' ? didYouMean(key, KEYS) : undefined;
      return near === undefined ? { message } : { message, hint: `did you mean "${near}"?` };
    });
  }
  const what = issue.message.replace(/^Invalid input: /, '');
  return [{ message: `${path}: ${issue.code === 'invalid_type' && what.endsWith('undefined') ? 'is missing' : what}` }];
}

function withoutUndefined(data: z.infer<typeof SHAPE>): RunRequest {
  const { trigger, ...rest } = data;
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined);
  const by = trigger.by === undefined ? {} : { by: trigger.by };
  return { ...Object.fromEntries(entries), trigger: { source: trigger.source, ...by } } as RunRequest;
}
