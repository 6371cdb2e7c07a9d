import { z } from 'zod';
import { MAX_SLOT_LIMIT } from '../core/slots.ts';
import { parseDuration } from './duration.ts';
import { hasPlaceholder } from './placeholder.ts';

/** Shapes that agent.yaml and the flow files share. Their messages follow the path of the value: `timeouts.start is …`. */

const RESERVED_NAME = /^SLIPWAY_/;
/** What the container's shell can name; ECS itself takes more. */
const SCALAR_WORDS = 'has to be text, a number, true or false, or null to remove it';

/** Whether a variable's name is ours alone (DESIGN 6). */
export function isReservedName(name: string): boolean {
  return RESERVED_NAME.test(name);
}

export const text = z.string().min(1);

/** `15m` in milliseconds. */
export const duration = z.string({ error: 'is no duration such as 30s, 15m or 2h' }).transform((written, context) => {
  const ms = parseDuration(written);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `is no duration: "${written}"; write 30s, 15m or 2h` });
  return z.NEVER;
});

/** Something in which a placeholder may stand instead. */
export function orPlaceholder<T extends z.ZodType>(schema: T, error: string) {
  return z.union([schema, z.string().refine(hasPlaceholder, error)], { error });
}

/** `s3://bucket` or `s3://bucket/prefix`. */
export const s3Location = z
  .string()
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/.*)?$/, 'has to be s3://bucket or s3://bucket/prefix');

/** No variable and no argument of a program can hold one. */
const wholeText = z.string().refine((value) => !value.includes('\0'), 'holds a NUL character');

const scalarValue = z.union([wholeText, z.number(), z.boolean(), z.null()], { error: SCALAR_WORDS });
const variableName = z
  .string()
  .min(1, 'is no name')
  .refine((name) => !isReservedName(name), 'is reserved: Slipway sets the SLIPWAY_ variables itself')
  .refine((name) => !/[=\0]/.test(name), 'is no name of a variable');

/** Variables: numbers and booleans become text, null removes. */
export const variables = z.record(variableName, scalarValue);
export const tagMap = z.record(z.string(), scalarValue);
export const secretMap = z.record(
  variableName,
  z.union([text, z.null()], { error: 'has to be where the secret is: an ARN, or the name of an SSM parameter' }),
);

export const cpuSize = z.union([z.string(), z.number()], { error: 'has to be a size such as 1024 or "1 vCPU"' });
export const memorySize = z.union([z.string(), z.number()], { error: 'has to be a size such as 2048 or "2 GB"' });
const wholeGiB = z.int({ error: 'has to be a whole number of GiB' });
export const storage = orPlaceholder(wholeGiB, 'has to be a whole number of GiB');

const publicIp = z.union([z.boolean(), z.enum(['ENABLED', 'DISABLED'])], { error: 'has to be ENABLED or DISABLED' });
const texts = orPlaceholder(z.array(text), 'has to be a list of texts');

export const network = z.strictObject({
  subnets: texts.nullish(),
  securityGroups: texts.nullish(),
  assignPublicIp: publicIp.nullish(),
});

export const words = orPlaceholder(
  z.array(z.union([wholeText, z.number(), z.boolean()], { error: 'has to be text' })),
  'has to be a list of words',
);
/** A map is looked at by the ECS model, which knows its fields; text is a path, `s3://` address, ARN or family:revision. */
export const inlineMap = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'has to be a map',
);
export const taskDefinition = z.union([text, inlineMap], {
  error: 'has to be a map, a path, an s3:// address, an ARN or family:revision',
});
export const runTaskKwargs = z.union([text, inlineMap], { error: 'has to be a map, a path or an s3:// address' });
export const list = z.array(z.unknown());

export const retryRules = z.strictObject({
  FAILED: z
    .strictObject({
      max: z.int().min(0).max(100).optional(),
      delay: duration.optional(),
      backoff: z.number().min(1).max(10).optional(),
      maxDelay: duration.optional(),
      onExitCode: z.array(z.int()).optional(),
    })
    .optional(),
  CRASHED: z
    .strictObject({
      max: z.int().min(0).max(100).optional(),
      delay: duration.optional(),
      backoff: z.number().min(1).max(10).optional(),
      maxDelay: duration.optional(),
      escalate: z
        .union([z.array(text), z.literal('double')], { error: 'has to be a list of profiles, or double' })
        .optional(),
      onDemandAfter: z.int().min(1).max(100).optional(),
    })
    .optional(),
});

/** The holders of a limit are kept in one item of the table, which has room for so many. */
export const slotLimit = z.int().min(1).max(MAX_SLOT_LIMIT);

export const timeouts = z.strictObject({
  queue: duration.optional(),
  start: duration.optional(),
  run: duration.optional(),
  stop: duration.optional(),
});
