import { z } from 'zod';
import { LEAST_RETENTION_DAYS } from '../core/retention.ts';
import { parseExpression } from '../core/schedules/parse-expression.ts';
import * as shape from './shapes.ts';

const ORPHANS_CRON = '*/2 * * * *';
const DEFINITIONS_CRON = '30 3 * * *';
const RETENTION_CRON = '0 4 * * *';

const MOST_DAYS = 3_660;
const DAYS_WORDS = `has to be a whole number of days from ${LEAST_RETENTION_DAYS} to ${MOST_DAYS}: a message may come back for 14 days, and must find its run`;

const KEEP_WORDS = 'has to be a whole number from 1 on: the newest revision is the one in use';

/** When a chore is due, in UTC; in the words of schedules. */
const beat = shape.text.check((context) => {
  const parsed = parseExpression(context.value);
  if (parsed.ok && parsed.value.kind !== 'at') return;
  const message = parsed.ok ? `is due only once: "${context.value}"` : `is no beat: ${parsed.error.message}`;
  context.issues.push({ code: 'custom', message, input: context.value });
});

/** What agents do now and then beside the runs; each chore by one agent of the table. What is left out is not done, but for orphans. */
export const housekeepingShape = z.strictObject({
  orphans: z.strictObject({ enabled: z.boolean().default(true), cron: beat.default(ORPHANS_CRON) }).prefault({}),
  definitions: z
    .strictObject({
      keep: z.int({ error: KEEP_WORDS }).min(1, KEEP_WORDS).default(5),
      cron: beat.default(DEFINITIONS_CRON),
    })
    .optional(),
  retention: z
    .strictObject({
      days: z.int({ error: DAYS_WORDS }).min(LEAST_RETENTION_DAYS, DAYS_WORDS).max(MOST_DAYS, DAYS_WORDS),
      cron: beat.default(RETENTION_CRON),
    })
    .optional(),
});
