import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** Comments talk about what the code does not do. */
const FILES = sourceFiles('src').map((path) => {
  const text = readFileSync(path, 'utf8');
  return { path, text: text.replace(/^\s*(?:\/\*\*?|\*|\/\/).*$/gm, '') };
});
/** Local AWS is nobody's production. */
const PRODUCTION = FILES.filter(({ path }) => !path.startsWith('src/local/'));

/** The command line works for its user, whose words it may trust; all else reads what others have written. */
const TAKES_REQUESTS = /^src\/(?!cli\/|local\/)/;

function placesOf(pattern: RegExp): readonly string[] {
  return PRODUCTION.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

/** Posts to sinks that stand in agent.yaml, which no message and no flow can name (X24). */
const POSTS_NOTICES = 'src/agent/notify/post-notice.ts';

describe('X11: what programs of ours ask of the network', () => {
  it('goes through the SDK, but for the metadata of the task that they are and the sinks of agent.yaml', () => {
    const outgoing =
      /\bfetch\(|\bhttps?\.(?:get|request)\(|\b(?:net|tls)\.(?:createConnection|connect)\(|\bnew (?:WebSocket|Socket)\(/;
    const asking = placesOf(outgoing).filter((path) => TAKES_REQUESTS.test(path));
    // The address comes from ECS, in a variable that no request may set (X20).
    const others = asking.filter((path) => path !== POSTS_NOTICES);
    for (const path of others) expect(readFileSync(path, 'utf8'), path).toMatch(/metadata/i);
    expect(others.length).toBeGreaterThan(0);
  });
});

describe('X15: text that came from outside', () => {
  it('is never run as a program', () => {
    expect(placesOf(/\beval\(|\bnew Function\(|from 'node:vm'/)).toEqual([]);
  });

  it('is never given to a shell', () => {
    expect(
      placesOf(
        /\bexec(?:Sync)?\(['"`a-z]+.*\bshell\b|\bshell:\s*true|\{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'/,
      ),
    ).toEqual([]);
  });
});

/** Texts that make a pattern try again and again, where one can be made to. */
function attacks(pattern: string): readonly string[] {
  const length = 100_000;
  const fill = (text: string) => text.repeat(Math.ceil(length / text.length));
  const own = [
    ...new Set(
      pattern
        .replace(/\\[a-zA-Z]|[\\^$()[\]{}|?*+]/g, ' ')
        .split(/\s+/)
        .filter((part) => part !== ''),
    ),
  ];
  const units = [
    'a',
    '0',
    ' ',
    '\n',
    '-',
    '_',
    '.',
    '/',
    '"',
    '\\"',
    '\\',
    ':',
    '{{',
    '}}',
    '[',
    '{',
    '<',
    'a ',
    '0.',
    'a.',
    '1m',
    'ab/',
    '\u0000',
    'ſ',
    '"a":',
    'é',
  ];
  return [...units, ...own.flatMap((part) => [part, `${part} `, `"${part}"`])].flatMap((unit) => [
    fill(unit),
    `${fill(unit)}\u0001`,
    `"${fill(unit)}`,
    `s3://${fill(unit)}!`,
    `{{${fill(unit)}!`,
    `1${fill(unit)}!`,
  ]);
}

/** A pattern stands where a value may begin; two divisions in one line are taken for one too, which does no harm. */
const LITERAL = /(?<=[(,=:[!&|?;{}\s])\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)/g;

function isPatternOf(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags).source !== '';
  } catch {
    return false;
  }
}

describe('X22: every pattern that meets what others have written', () => {
  const patterns = new Map(
    PRODUCTION.filter(({ path }) => TAKES_REQUESTS.test(path)).flatMap(({ path, text }) =>
      [...text.matchAll(LITERAL)].flatMap(([, source = '', flags = '']): [string, string][] => {
        const isPattern = isPatternOf(source, flags);
        return isPattern ? [[`/${source}/${flags}`, path]] : [];
      }),
    ),
  );

  it('is found', () => {
    expect(patterns.size).toBeGreaterThan(60);
  });

  it.each([...patterns])('%s answers within moments on a hundred thousand characters (%s)', (literal) => {
    const end = literal.lastIndexOf('/');
    const pattern = new RegExp(literal.slice(1, end), literal.slice(end + 1));
    for (const text of attacks(pattern.source)) {
      const before = process.cpuUsage();
      pattern.lastIndex = 0;
      pattern.test(text);
      // A pattern that tries everything from everywhere computes for seconds; what is linear, for a millisecond.
      const { user } = process.cpuUsage(before);
      expect(user / 1_000, JSON.stringify(text.slice(0, 20))).toBeLessThan(1_000);
    }
  });
});
