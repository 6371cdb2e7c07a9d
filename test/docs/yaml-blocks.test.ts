import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { tryLaunches } from '../../src/templates/try-launches.ts';
import { workspaceOf } from '../templates/render-launch.ts';
import { type YamlBlock, yamlSections } from './yaml-blocks.ts';

const DOCS = join(import.meta.dirname, '../../docs');

/** What the examples of the pages are laid over. */
const BASE: Readonly<Record<string, string>> = {
  'agent.yaml': `table: slipway
bucket: s3://acme-slipway
ecs:
  cluster: main
  executionRoleArn: arn:aws:iam::123456789012:role/slipway-execution
  network: { subnets: [subnet-a] }
`,
  'flows/base.yaml': 'flow: base\nrunConfig: { image: "registry.example.com/base:1" }\n',
};

const pages = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
const sections = pages.flatMap((page) =>
  yamlSections(readFileSync(join(DOCS, page), 'utf8')).map((section) => ({ page, ...section })),
);

/** A second example of one file is another way, not the same files: it begins a configuration of its own. */
function configurations(blocks: readonly YamlBlock[]): readonly Readonly<Record<string, string>>[] {
  const found: Record<string, string>[] = [{}];
  for (const { file = '', text } of blocks) {
    if (Object.hasOwn(found.at(-1) ?? {}, file)) found.push({});
    Object.assign(found.at(-1) ?? {}, { [file]: text });
  }
  return found;
}

/** What is wrong with a configuration, launches included. */
async function faultsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const workspace = await workspaceOf({ ...BASE, ...files });
  if (!workspace.ok) return workspace.error.map(formatFault);
  const { flowFaults, flows } = workspace.value;
  const tried = tryLaunches(workspace.value);
  const read = new Set([...flows.values()].map(({ file }) => file));
  const unread = Object.keys(files).filter((file) => file.startsWith('flows/') && !read.has(file));
  return [...[...flowFaults, ...tried.faults].map(formatFault), ...unread.map((file) => `${file} was not read`)];
}

describe('the YAML of the pages', () => {
  it('is there', () => {
    expect(sections.filter(({ page }) => page === 'templates.md').length).toBeGreaterThanOrEqual(10);
  });

  it.each(sections)('in $page, "$heading", says in its first line which file it is', ({ blocks }) => {
    expect(blocks.filter(({ file }) => file === undefined).map(({ line }) => line)).toEqual([]);
  });

  it.each(sections)('in $page, "$heading", is launched as it stands', async ({ blocks }) => {
    for (const files of configurations(blocks)) expect(await faultsOf(files)).toEqual([]);
  });

  it('is found wherever it stands, and would be refused if it were wrong', async () => {
    const page =
      '# A\n~~~yaml\n# flows/a.yaml\nflow: a\nrunConfig: { cpu: 300 }\n~~~\n## B\n```sh\n# no heading\n```\n';
    const [section] = yamlSections(page);
    expect(section).toMatchObject({ heading: 'A', blocks: [{ file: 'flows/a.yaml', line: 3 }] });
    const [files = {}] = configurations(section?.blocks ?? []);
    expect((await faultsOf(files)).join('\n')).toContain('flows/a.yaml:3:19 cpu 300 is not a Fargate size');
  });
});
