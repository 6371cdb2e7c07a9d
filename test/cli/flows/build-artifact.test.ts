import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BuiltArtifact, buildArtifact } from '../../../src/cli/flows/build-artifact.ts';
import { readArtifact } from '../../../src/cli/flows/read-artifact.ts';
import { formatFault } from '../../../src/core/fault.ts';
import { emptyFolder, type Folder } from '../cli-process.ts';

const LARGEST = resolve('config/flows/largest.mjs');
const COUNTRIES = resolve('config/flows/etl/countries.csv');

const SMALL = `import { flow } from 'slipway/sdk';
export default flow('small', { version: '1.0.0' }, (step) => step('one', {}, (): number => 1));
`;

let folder: Folder;
beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(() => folder.remove());

async function built(file: string, include: readonly string[] = []): Promise<BuiltArtifact> {
  const artifact = await buildArtifact(file, include);
  if (!artifact.ok) throw new Error(artifact.error.map(formatFault).join('\n'));
  return artifact.value;
}

/** What is wrong with a flow of this text, in lines that do not name the folder. */
async function faultsOf(text: string, include: readonly string[] = [], name = 'flow.ts'): Promise<string> {
  const file = await folder.write(name, text);
  const artifact = await buildArtifact(file, include);
  if (artifact.ok) return 'none';
  return artifact.error.map((fault) => formatFault(fault).replaceAll(folder.path, '')).join('\n');
}

describe('an artifact', () => {
  it("holds the bundled flow, its graph, the included files, and every file's hash", async () => {
    const { bytes, spec, metadata, sha256 } = await built(LARGEST, [COUNTRIES]);
    expect(Object.keys(metadata.files)).toEqual(['etl/countries.csv', 'flow.mjs', 'flow.mjs.map', 'flow_spec.json']);
    expect(metadata).toMatchObject({ flow: 'largest', version: '1.0.0', entry: 'flow.mjs' });
    expect(metadata.builtWith).toMatchObject({ node: process.versions.node, slipway: expect.any(String) });
    expect(spec.steps.map(({ name }) => name)).toEqual(['extract', 'clean', 'select', 'compare', 'report']);
    expect(spec.steps[3]).toMatchObject({ mapOver: 'select', inputs: { countries: 'clean' }, concurrency: 5 });
    expect(spec.steps[4]?.retries.max).toBe(2);
    expect(await readArtifact(bytes)).toMatchObject({ ok: true, value: { spec, metadata, sha256 } });
  });

  it('has the same bytes when it is built again, and when its sources lie in another folder', async () => {
    const first = await built(LARGEST, [COUNTRIES]);
    expect((await built(LARGEST, [COUNTRIES])).sha256).toBe(first.sha256);
    const elsewhere = join(folder.path, 'some', 'deep', 'folder');
    await mkdir(elsewhere, { recursive: true });
    await cp(resolve('config/flows/etl'), join(elsewhere, 'etl'), { recursive: true });
    await cp(LARGEST, join(elsewhere, 'largest.mjs'));
    expect((await built(join(elsewhere, 'largest.mjs'), [join(elsewhere, 'etl/countries.csv')])).sha256).toBe(
      first.sha256,
    );
  });

  it('is of TypeScript or JavaScript, with packages of either kind', async () => {
    await mkdir(join(folder.path, 'node_modules/old'), { recursive: true });
    await writeFile(join(folder.path, 'node_modules/old/index.js'), "module.exports = require('node:path').sep;\n");
    const file = await folder.write(
      'flow.mts',
      `import sep from 'old';\n${SMALL.replace('(): number => 1', '() => sep')}`,
    );
    expect((await built(file)).spec.flow).toBe('small');
  });

  it('marks steps with a cache, and says nothing of concurrency where nothing is mapped', async () => {
    const file = await folder.write('flow.ts', SMALL.replace("'one', {}", "'one', { cacheKey: () => 'k' }"));
    const [step] = (await built(file)).spec.steps;
    expect(step).toMatchObject({ name: 'one', cached: true });
    expect(step).not.toHaveProperty('concurrency');
  });
});

describe('a flow that cannot be built', () => {
  it('is told of with its line and column when it cannot be read', async () => {
    expect(await faultsOf(`${SMALL}\nconst x = ;`)).toBe('/flow.ts:4:11 Unexpected ";"');
    expect(await faultsOf(`import 'nowhere';\n${SMALL}`)).toContain('/flow.ts:1:8 Could not resolve "nowhere"');
  });

  it.each([
    ['exports a function', 'export default () => 1;', 'exports a function by default, not what flow() makes'],
    ['exports nothing', 'export const a = 1;', 'exports nothing by default'],
    ['throws', "throw new Error('no table');", 'throws when it is imported: Error: no table'],
    ['ends the process', 'process.exit(3);', 'ends its process when it is imported'],
    ['has a wrong graph', SMALL.replace("'one', {}", "'one', { retries: -1 }"), 'step one: retries has to be'],
    [
      'has parameters that are no schema',
      SMALL.replace("'1.0.0'", "'1.0.0', parameters: { type: 'object', properties: { a: { type: 'whole' } } }"),
      'parameters.properties.a.type is no JSON Schema',
    ],
  ])('is refused when it %s', async (_, text, words) => {
    expect(await faultsOf(text)).toContain(words);
  });

  it('that leaves something open does not keep the build from ending', async () => {
    expect(await faultsOf(`setInterval(() => {}, 1000);\n${SMALL}`)).toBe('none');
  });

  it('names files that cannot be included', async () => {
    await folder.write('metadata.json', '{}');
    const faults = await faultsOf(SMALL, [
      COUNTRIES,
      join(folder.path, 'missing.csv'),
      join(folder.path, 'metadata.json'),
    ]);
    expect(faults).toContain("is not below the flow's folder");
    expect(faults).toContain('/missing.csv cannot be read: ENOENT');
    expect(faults).toContain('/metadata.json has a name that the build writes itself');
  });

  it('is no file', async () => {
    const artifact = await buildArtifact(join(folder.path, 'none.ts'));
    expect(artifact).toMatchObject({ ok: false, error: [{ message: 'is no file' }] });
    await rm(folder.path, { recursive: true });
  });
});
