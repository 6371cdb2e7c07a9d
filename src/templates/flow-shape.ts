import { z } from 'zod';
import { ALLOW_WORDS, runConfigShape } from './run-config-shape.ts';
import * as shape from './shapes.ts';

const allowWord = z.enum(ALLOW_WORDS);

/** One schedule; its expressions are read by the scheduler. */
const schedule = z.strictObject({
  name: shape.text.optional(),
  cron: shape.text.optional(),
  rate: shape.text.optional(),
  at: shape.text.optional(),
  timezone: shape.text.optional(),
  catchUp: z.union([shape.text, z.looseObject({})]).optional(),
  overlap: z.enum(['allow', 'skip', 'queue', 'cancel-running']).optional(),
  startDate: shape.text.optional(),
  endDate: shape.text.optional(),
  jitter: z.union([shape.text, z.number()]).optional(),
  enabled: z.boolean().optional(),
  environment: shape.text.optional(),
  labels: z.array(shape.text).optional(),
  parameters: shape.inlineMap.optional(),
  runConfig: runConfigShape.optional(),
});

/** flows/*.yaml (DESIGN 7.3). */
export const flowShape = z.strictObject({
  flow: z.string().min(1).max(200),
  version: z.union([shape.text, z.number()], { error: 'has to be text, in quotes' }).default('1'),
  description: z.string().optional(),
  worker: z.boolean().optional(),
  runConfig: runConfigShape.default({}),
  artifact: shape.text.optional(),
  deployment: shape.text.optional(),
  parameters: shape.inlineMap.optional(),
  requests: z.strictObject({ allow: z.array(allowWord).optional() }).prefault({}),
  retries: shape.retryRules.prefault({}),
  timeouts: shape.timeouts.prefault({}),
  concurrency: z.strictObject({ limit: shape.slotLimit, key: shape.text.optional() }).optional(),
  schedules: z.array(schedule).default([]),
  notify: shape.notify.default([]),
});
