import { z } from 'zod';
import { OVERLAPS } from '../core/schedules/schedule.ts';
import { runConfigShape } from './run-config-shape.ts';
import * as shape from './shapes.ts';

const CATCH_UP_WORDS = 'has to be latest, none, all, "all (max 20)" or {max: 20}';
const ALL = /^all(?:\s*\(\s*max\s+([1-9]\d{0,3})\s*\))?$/;

/** Of a wide gap, so many ticks are caught up where `all` says no number. */
const DEFAULT_MAX = 100;
const MOST = 1_000;

const catchUp = z.union(
  [
    z.enum(['latest', 'none']).transform((kind) => ({ kind })),
    z
      .string()
      .regex(ALL)
      .transform((text) => ({ kind: 'all' as const, max: Math.min(Number(ALL.exec(text)?.[1] ?? DEFAULT_MAX), MOST) })),
    z.strictObject({ max: z.int().min(1).max(MOST) }).transform(({ max }) => ({ kind: 'all' as const, max })),
  ],
  { error: CATCH_UP_WORDS },
);

/** One entry of a flow's `schedules`. What `cron`, `rate`, `at`, the zone and the dates say is read in `flow-schedules.ts`. */
export const scheduleShape = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'has to be 1 to 64 letters, digits, "-", "_" or "."')
    .optional(),
  cron: shape.text.optional(),
  rate: shape.text.optional(),
  at: shape.text.optional(),
  timezone: shape.text.default('UTC'),
  catchUp: catchUp.default({ kind: 'latest' }),
  overlap: z.enum(OVERLAPS).default('allow'),
  startDate: shape.text.optional(),
  endDate: shape.text.optional(),
  jitter: shape.duration.default(0),
  enabled: z.boolean().default(true),
  environment: shape.text.optional(),
  labels: z.array(shape.text).default([]),
  parameters: shape.inlineMap.optional(),
  runConfig: runConfigShape.optional(),
});
