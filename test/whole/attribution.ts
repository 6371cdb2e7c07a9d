import { readFileSync } from 'node:fs';
import type { ExplainedField } from '../../src/templates/explain.ts';
import type { LaunchFixture } from './launch-fixture.ts';

/** A leaf of the two requests, by the field that `slipway explain` has for it. */
export interface Leaf {
  readonly field: string;
  readonly value: unknown;
}

const NAME_KEYS: Readonly<Record<string, string>> = {
  containerDefinitions: 'name',
  containerOverrides: 'name',
  environment: 'name',
  secrets: 'name',
  volumes: 'name',
  ulimits: 'name',
  tags: 'key',
  mountPoints: 'containerPath',
  resourceRequirements: 'type',
};
const PAIRS: ReadonlySet<string> = new Set(['environment', 'secrets', 'tags', 'resourceRequirements']);
const WITHOUT_STEP: ReadonlySet<string> = new Set([
  'overrides',
  'containerDefinitions',
  'containerOverrides',
  'awsvpcConfiguration',
]);
const STEPS: Readonly<Record<string, string>> = { environment: 'env', networkConfiguration: 'network' };

/** Every leaf of a rendered request. */
export function leavesOf(value: unknown, path: readonly string[] = [], key = ''): readonly Leaf[] {
  if (Array.isArray(value)) return leavesOfList(value, path, key);
  if (typeof value !== 'object' || value === null) return [{ field: path.join('.'), value }];
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, WITHOUT_STEP.has(name) ? path : [...path, STEPS[name] ?? name], name),
  );
}

function leavesOfList(items: readonly unknown[], path: readonly string[], key: string): readonly Leaf[] {
  const nameKey = NAME_KEYS[key];
  if (key === 'portMappings') return items.flatMap((item) => leavesOf(item, [...path, portName(item as Port)]));
  if (nameKey === undefined) return [{ field: path.join('.'), value: items }];
  return items.flatMap((item) => {
    const { [nameKey]: name, ...others } = item as Record<string, unknown>;
    const inside = [...path, String(name)];
    if (PAIRS.has(key)) return Object.values(others).map((value) => ({ field: inside.join('.'), value }));
    return leavesOf(item, inside);
  });
}

interface Port {
  readonly containerPort: number;
  readonly protocol?: string;
}

function portName({ containerPort, protocol = 'tcp' }: Port): string {
  return `${containerPort}/${protocol}`;
}

/** Why the row does not attribute the leaf to a place that says it; undefined if it does. */
export function misattribution(
  { field, value }: Leaf,
  rows: ReadonlyMap<string, ExplainedField>,
  fixture: LaunchFixture,
): string | undefined {
  const row = rows.get(field);
  if (row === undefined) return `${field} has no row`;
  const said = [{ value: row.value, setBy: row.setBy }, ...row.overrode];
  const same = said.find((one) => JSON.stringify(one.value) === JSON.stringify(value));
  if (same === undefined) return `${field}: no row says ${JSON.stringify(value)}, but ${JSON.stringify(said)}`;
  return says(same.setBy, field, value, fixture) ? undefined : `${field}: ${same.setBy} does not say it`;
}

function says(setBy: string, field: string, value: unknown, fixture: LaunchFixture): boolean {
  const place = /^(.*):(\d+):\d+$/.exec(setBy);
  if (place !== null) return lineSays(textAt(place[1] ?? '', Number(place[2])), field, value);
  if (setBy === 'request') return lineSays(JSON.stringify(fixture.request), field, value);
  if (setBy.startsWith('--')) return textsIn(value).every((text) => Object.values(fixture.flags).includes(text));
  if (setBy.startsWith('SLIPWAY_')) return (fixture.variables[setBy] ?? '').includes(String(value));
  if (setBy === 'reserved') return /\.env\.SLIPWAY_|^tags\.slipway:|^startedBy$|^clientToken$/.test(field);
  return setBy === 'built-in' && BUILT_IN.test(field);
}

const BUILT_IN = /^(?:cpu|memory|networkMode|requiresCompatibilities|launchType|family|cluster|[^.]+\.name)$/;

function textAt(file: string, line: number): string {
  return readFileSync(file, 'utf8').split('\n')[line - 1] ?? '';
}

/** A line says a value by itself, by its key, by the profile it comes from, or by a placeholder for it. */
function lineSays(line: string, field: string, value: unknown): boolean {
  const key = field.split('.').at(-1) ?? '';
  const words = [key, OTHER_WORDS[key] ?? key, 'profile:', '"profile":', '{{', ...textsIn(value)];
  return words.some((word) => word !== '' && line.includes(word));
}

/** What a `runConfig` calls it, or what it follows from. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  sizeInGiB: 'ephemeralStorage',
  requiresCompatibilities: 'launchType',
};

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [String(value)];
}
