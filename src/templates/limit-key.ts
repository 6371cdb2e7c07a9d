/** What a limit of the agent counts by (`limits.concurrency[].key`). */
export interface LimitKey {
  /** `name` is a word of the operator's own: a flow, a label or a flow's `concurrency.key` that reads so. */
  readonly subject: 'runs' | 'flow' | 'org' | 'environment' | 'label' | 'parameters' | 'name';
  /** As it was written: `parameters.customer`. */
  readonly name: string;
  /** Of a parameter. */
  readonly path: readonly string[];
  /** Only runs with this value count; without one, each value has a limit of its own. */
  readonly value?: string;
}

const SUBJECTS = ['runs', 'flow', 'org', 'environment', 'label', 'parameters'] as const;

export const LIMIT_KEY_FORMS =
  'a name, or one of runs, flow, label, environment, org, parameters.<name>, each but runs with =<value> for one value only';

/** Reads `flow`, `flow=etl`, `label=gpu`, `parameters.customer`, `warehouse` …; undefined for what is none of them. */
export function parseLimitKey(text: string): LimitKey | undefined {
  const at = text.indexOf('=');
  const name = (at < 0 ? text : text.slice(0, at)).trim();
  const value = at < 0 ? undefined : text.slice(at + 1).trim();
  const [first = '', ...path] = name.split('.');
  const subject = SUBJECTS.find((known) => known === first && (known === 'parameters' || path.length === 0)) ?? 'name';
  if (name === '' || value === '' || !mayHaveValue(subject, value)) return undefined;
  if (subject === 'parameters' && (path.length === 0 || path.includes(''))) return undefined;
  return { subject, name, path, ...(value === undefined ? {} : { value }) };
}

/** A word of one's own has no values, and neither has the number of all runs. */
function mayHaveValue(subject: LimitKey['subject'], value: string | undefined): boolean {
  return value === undefined || (subject !== 'name' && subject !== 'runs');
}
