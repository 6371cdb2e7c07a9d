import { parseExpression } from '../../src/core/schedules/parse-expression.ts';
import type { Schedule } from '../../src/core/schedules/schedule.ts';

/** A schedule of every minute in UTC, or of another expression; `over` is laid over it. */
export function scheduleOf(text = '* * * * *', over: Partial<Schedule> = {}): Schedule {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { flow = 'etl', name = 'default', timezone = 'UTC' } = over;
  return {
    id: `${flow}/${name}`,
    flow,
    name,
    expression: parsed.value,
    timezone,
    definition: `${text} ${timezone}`,
    catchUp: { kind: 'latest' },
    overlap: 'allow',
    jitterMs: 0,
    enabled: true,
    labels: [],
    parameters: {},
    runConfig: {},
    ...over,
  };
}
