import type { LaunchDifference } from './diff-launch.ts';
import { valueText } from './explained-text.ts';
import { tableText } from './print-table.ts';
import type { Style } from './terminal.ts';

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;
const COLOURS = { added: 'green', removed: 'red', changed: 'yellow' } as const;

/** A row for each leaf that differs, with both of its values. */
export function differenceText({ flow, against, differences }: LaunchDifference, style: Style): string {
  if (against === null) return `nothing is registered for ${flow} yet: its first run will do it`;
  if (differences.length === 0) return `no difference to ${against}`;
  const head = ['', 'FIELD', against, 'NOW'].map((title) => style('dim', title));
  const rows = differences.map(({ field, change, before, now }) => [
    style(COLOURS[change], SIGNS[change]),
    field,
    before === undefined ? '' : valueText(before),
    now === undefined ? '' : valueText(now),
  ]);
  return tableText([head, ...rows]);
}
