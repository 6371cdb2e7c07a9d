import { didYouMean } from '../core/did-you-mean.ts';
import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';

/** Words of ECS that the names of explained fields do without, or shorten. */
const LEFT_OUT = /(?:^|\.)(?:overrides|containerDefinitions|containerOverrides|awsvpcConfiguration)(?=\.|$)/g;
const SHORTENED: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)environment(?=\.|$)/g, '$1env'],
  [/(^|\.)networkConfiguration(?=\.|$)/g, '$1network'],
];

/** The field of that name and those below it; ECS's own words for it do as well: `containerDefinitions.flow.environment`. */
export function fieldsUnder<T extends { readonly field: string }>(
  fields: readonly T[],
  wanted: string | undefined,
): Result<readonly T[], Fault> {
  if (wanted === undefined) return ok(fields);
  const name = SHORTENED.reduce((text, [pattern, word]) => text.replace(pattern, word), wanted.replace(LEFT_OUT, ''));
  const prefix = name.replace(/^\./, '');
  const found = fields.filter(({ field }) => prefix === '' || field === prefix || field.startsWith(`${prefix}.`));
  if (found.length > 0) return ok(found);
  const near = didYouMean(prefix, namesOf(fields));
  const message = `no field of this launch is called "${wanted}"`;
  return err(near === undefined ? { message } : { message, hint: `did you mean "${near}"?` });
}

/** Every field and every beginning of one, up to a dot. */
function namesOf(fields: readonly { readonly field: string }[]): readonly string[] {
  const names = fields.flatMap(({ field }) => {
    const steps = field.split('.');
    return steps.map((_, index) => steps.slice(0, index + 1).join('.'));
  });
  return [...new Set(names)];
}
