import type { Json } from '../core/json.ts';
import type { ExplainedField } from '../templates/explain.ts';
import { tableText } from './print-table.ts';
import type { Style } from './terminal.ts';

/** What `slipway explain -o json` prints. */
export interface ExplainedLaunch {
  readonly flow: string;
  readonly runId: string;
  readonly fields: readonly ExplainedField[];
  /** What is allowed, but probably not meant. */
  readonly warnings: readonly string[];
  /** Of RunTask, as ECS counts them. */
  readonly overrides: { readonly characters: number; readonly limit: number };
  /** Checked against Fargate's rules; false on EC2 and elsewhere, null where the definition exists already and is not looked at. */
  readonly validForFargate: boolean | null;
}

const LONGEST_CELL = 60;

/** A row for each field, then how the launch as a whole stands. */
export function explainedText({ fields, overrides, validForFargate }: ExplainedLaunch, style: Style): string {
  const head = ['FIELD', 'VALUE', 'SET BY', 'OVERRODE'].map((title) => style('dim', title));
  const rows = fields.map(({ field, value, setBy, overrode }) => [
    field,
    valueText(value),
    lineOf(setBy),
    style('dim', overrode.map((other) => `${valueText(other.value)} ${lineOf(other.setBy)}`).join(', ')),
  ]);
  const length = `overrides ${overrides.characters} / ${overrides.limit} characters`;
  return `${tableText([head, ...rows])}\n${validText(validForFargate, style)}   ${length}`;
}

/** A value in one line; what is longer is shown whole by `-o json`. */
export function valueText(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;
}

function validText(validForFargate: boolean | null, style: Style): string {
  if (validForFargate === null) return 'the task definition exists already: what is in it was not checked';
  return `${style('green', '✔')} ${validForFargate ? 'valid for Fargate' : 'valid, and not on Fargate'}`;
}

/** `file:line` of `file:line:column`: a person looks for the line. */
function lineOf(place: string): string {
  return place.replace(/:(\d+):\d+$/, ':$1');
}
