import type { Expression } from './parse-expression.ts';
import { isoSeconds } from './tick-values.ts';
import { wordsOfCron } from './words-of-cron.ts';

/** When a schedule is due, in words: `at 02:30, Monday through Friday`, `every 5 minutes`, `once, at 2026-12-24 18:00:00`. */
export function wordsOfExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'cron':
      return wordsOfCron(expression.pattern) ?? expression.text;
    case 'rate':
      return `every ${/\(\s*(?:1\s+)?(.*?)\s*\)/.exec(expression.text)?.[1] ?? expression.text}`;
    case 'at':
      return `once, at ${isoSeconds(expression.local).replace('T', ' ').replace('Z', '')}`;
    default:
      return expression satisfies never;
  }
}
