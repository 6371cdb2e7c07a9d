import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { formatFault } from '../../src/core/fault.ts';
import { ok, type Result } from '../../src/core/result.ts';
import type { SourceReader } from '../../src/core/source-reader.ts';
import { memorySource } from './memory-source.ts';
import { planWith } from './render-launch.ts';

/** Bad inputs, one per file; the folder says which file of a good configuration it takes the place of. */
export const BAD = join(import.meta.dirname, '../golden/bad');

const GOOD: Readonly<Record<string, string>> = {
  'agent.yaml': `table: slipway
flows: ./flows
ecs:
  cluster: main
  taskDefinition: ./task-definition.yaml
  runTaskKwargs: ./run-task-kwargs.yaml
  network: {subnets: [subnet-a]}
`,
  'task-definition.yaml': `networkMode: awsvpc
cpu: 512
memory: 1024
containerDefinitions:
  - name: flow
    image: registry.example.com/etl:1
`,
  'run-task-kwargs.yaml': '',
  'flows/etl.yaml': 'flow: etl\nversion: "1"\n',
};

const TAKES_THE_PLACE_OF: Readonly<Record<string, string>> = {
  yaml: 'task-definition.yaml',
  'task-definition': 'task-definition.yaml',
  'run-task-kwargs': 'run-task-kwargs.yaml',
  agent: 'agent.yaml',
  flow: 'flows/etl.yaml',
  launch: 'flows/etl.yaml',
};

/** The bad inputs, by their paths below the folder. */
export function badInputs(): readonly string[] {
  const files = readdirSync(BAD, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(BAD, join(entry.parentPath, entry.name)));
  return paths.filter((path) => path.includes('/')).sort();
}

/** What is said about a bad input, one line per fault. */
export async function wordsAbout(path: string): Promise<readonly string[]> {
  const bytes = readFileSync(join(BAD, path));
  const kind = path.split('/')[0] ?? '';
  const request = kind === 'request' ? bytes.toString('utf8') : '{"flow":"etl"}';
  const replaced = TAKES_THE_PLACE_OF[kind];
  const plan = await planWith(replaced === undefined ? memorySource(GOOD) : withBytes(replaced, bytes), request);
  return plan.ok ? [] : plan.error.map((fault) => formatFault(fault));
}

/** The good configuration with one file's bytes replaced: some are not even text. */
function withBytes(name: string, bytes: Uint8Array): SourceReader {
  const good = memorySource(GOOD);
  return {
    list: good.list,
    realPath: good.realPath,
    read: async (ref, knownEtag): ReturnType<SourceReader['read']> => {
      const source: Awaited<ReturnType<SourceReader['read']>> = await good.read(ref, knownEtag);
      const replaced: Result<{ ref: string; bytes: Uint8Array; etag: string }, never> = ok({ ref, bytes, etag: 'bad' });
      return source.ok && ref === name ? replaced : source;
    },
  };
}
