import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { type ExplainedField, explain } from '../../src/templates/explain.ts';
import { render } from '../../src/templates/render.ts';
import { resolveRun } from '../../src/templates/resolve.ts';
import { type LaunchCase, rendered, workspaceOf } from './render-launch.ts';

const corpus = new URL('../golden/conformance/render-cases.json', import.meta.url);
const text = readFileSync(corpus, 'utf8').replaceAll('$CASE_DIR', '/case');
const { cases } = JSON.parse(text) as { cases: readonly (LaunchCase & { readonly id: string })[] };

it('every leaf of every launch of the corpus is attributed to who set it', async () => {
  let explained = 0;
  for (const { id, files, flow = 'etl', request, environment } of cases) {
    const workspace = await workspaceOf(files, {}, '/case/');
    const parsed = parseRunRequest(
      JSON.stringify({ ...(environment ? { environment } : {}), ...(request ?? { flow }) }),
    );
    if (!workspace.ok || !parsed.ok) continue;
    const identity = { runId: 'preview', attempt: 1, placement: 0 };
    const config = resolveRun(workspace.value, { request: parsed.value.request, ...identity });
    if (!config.ok) continue;
    const fields = explain(config.value, identity);
    const known = new Set(fields.flatMap(valuesOf));
    const missing = leaves(rendered(render(config.value, identity))).filter((leaf) => !known.has(leaf));
    expect({ id, missing }).toEqual({ id, missing: [] });
    expect(fields.filter(({ setBy }) => setBy === '')).toEqual([]);
    explained += 1;
  }
  expect(explained).toBeGreaterThan(200);
});

/** What a row tells: its value, what it overrode, and the names in its field. */
function valuesOf({ field, value, overrode }: ExplainedField): readonly string[] {
  const names = field.split('.').map((name) => JSON.stringify(name));
  return [...names, ...[value, ...overrode.map((other) => other.value)].flatMap((other) => leaves(other))];
}

function leaves(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value !== 'object' || value === null) return value === null ? [] : [JSON.stringify(String(value))];
  return Object.values(value).flatMap(leaves);
}
