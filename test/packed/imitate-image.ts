import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An image as a folder: what its Dockerfile's last stage holds, and how its containers begin. */
export interface ImitatedImage {
  readonly root: string;
  /** Of the image itself, with paths as in the container. */
  readonly entryPoint: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Lines that need the base image's own programs or root, and bring in nothing of ours. */
const OF_THE_BASE = /^(apt-get|chown) /;

const IGNORED = ['USER', 'VOLUME', 'CMD', 'HEALTHCHECK'];

/** What the lines so far have made of a stage. */
interface Stage {
  readonly root: string;
  cwd: string;
  entryPoint: string[];
  environment: Record<string, string>;
}

interface Build {
  readonly context: string;
  readonly stages: ReadonlyMap<string, Stage>;
}

/**
 * Builds an image below `folder` without an engine: carries out its Dockerfile's lines one by one, with a folder for each
 * stage. A line that it does not know fails the test.
 */
export async function imitateImage(context: string, dockerfile: string, folder: string): Promise<ImitatedImage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const line of linesOf(await readFile(join(context, dockerfile), 'utf8'))) {
    const { word, rest } = partsOf(line);
    if (word === 'FROM') {
      stage = { root: join(folder, `stage-${stages.size + 1}`), cwd: '/', entryPoint: [], environment: {} };
      stages.set(/ AS (\S+)$/.exec(rest)?.[1] ?? 'image', stage);
    } else if (stage !== undefined) await carryOut(word, rest, stage, { context, stages });
  }
  if (stage === undefined) throw new Error(`${dockerfile} has no FROM`);
  return stage;
}

async function carryOut(word: string, rest: string, stage: Stage, build: Build): Promise<void> {
  switch (word) {
    case 'WORKDIR':
      stage.cwd = posix.resolve(stage.cwd, rest);
      await mkdir(join(stage.root, stage.cwd), { recursive: true });
      return;
    case 'COPY':
      return copy(rest, stage, build);
    case 'RUN':
      return runLine(rest, stage);
    case 'ENTRYPOINT':
      stage.entryPoint = JSON.parse(rest);
      return;
    case 'ENV':
      Object.assign(stage.environment, Object.fromEntries([rest.split('=', 2)]));
      return;
    default:
      if (!IGNORED.includes(word)) throw new Error(`not imitated: ${word} ${rest}`);
  }
}

/** Instructions, each in one line, without comments. */
function linesOf(text: string): readonly string[] {
  const written = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  return written
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
}

function partsOf(line: string): { readonly word: string; readonly rest: string } {
  const space = line.indexOf(' ');
  return { word: line.slice(0, space), rest: line.slice(space + 1) };
}

async function runLine(command: string, { root, cwd }: Stage): Promise<void> {
  if (OF_THE_BASE.test(command)) return;
  const here = command.replaceAll(/(^|[\s=])\/(?=\w)/g, `$1${root}/`);
  await run('sh', ['-ec', here], {
    cwd: join(root, cwd),
    env: { ...process.env, npm_config_prefer_offline: 'true' },
    maxBuffer: 64 * 1024 ** 2,
  });
}

async function copy(rest: string, { root, cwd }: Stage, { context, stages }: Build): Promise<void> {
  const words = rest.split(' ');
  const from = words[0]?.startsWith('--from=')
    ? stages.get(words.shift()?.slice('--from='.length) ?? '')?.root
    : undefined;
  const to = posix.resolve(cwd, words.pop() ?? '.');
  for (const word of words) {
    const source = from === undefined ? join(context, word) : join(from, word);
    // A folder's content is copied, a file into a folder under its own name (Dockerfile reference, COPY).
    const isFile = (await stat(source)).isFile();
    const target = join(root, to, isFile ? basename(word) : '');
    const ignored = word === '.' ? await ignoredBy(context) : [];
    await cp(source, target, { recursive: true, filter: (path) => !ignored.includes(path), verbatimSymlinks: true });
  }
}

/** .dockerignore names whole folders and files only. */
async function ignoredBy(context: string): Promise<readonly string[]> {
  const names = (await readFile(join(context, '.dockerignore'), 'utf8')).split('\n').filter((name) => name !== '');
  return names.map((name) => join(context, name));
}
