import { z } from 'zod';
import { flowNotify } from './notify-shape.ts';
import { ALLOW_WORDS, runConfigShape } from './run-config-shape.ts';
import { scheduleShape } from './schedule-shape.ts';
import * as shape from './shapes.ts';

const allowWord = z.enum(ALLOW_WORDS);

/** flows/*.yaml (DESIGN 7.3). */
export const flowShape = z.strictObject({
  flow: z.string().min(1).max(200),
  version: z.union([shape.text, z.number()], { error: 'has to be text, in quotes' }).default('1'),
  description: z.string().optional(),
  worker: z.boolean().optional(),
  runConfig: runConfigShape.default({}),
  artifact: shape.text.optional(),
  deployment: shape.text.optional(),
  pipes: z.enum(['logs']).optional(),
  parameters: shape.inlineMap.optional(),
  requests: z.strictObject({ allow: z.array(allowWord).optional() }).prefault({}),
  retries: shape.retryRules.prefault({}),
  timeouts: shape.timeouts.prefault({}),
  concurrency: z.strictObject({ limit: shape.slotLimit, key: shape.text.optional() }).optional(),
  schedules: z.array(scheduleShape).default([]),
  notify: flowNotify.default([]),
});
