/**
 * Checks the rules of the house that a linter does not know: who may import whom (docs: ARCHITECTURE.md), where the
 * clock and chance may be read, that nothing silences a checker, and that every call of AWS is listed and has its deaths
 * in the crash matrix.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { awsCallFaults } from './aws-call-rules.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** Folder of `src` → the folders it may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  service: [],
  sdk: [],
  local: [],
  templates: ['core'],
  runs: ['core', 'templates'],
  aws: ['core'],
  worker: ['core', 'aws', 'service', 'sdk'],
  launcher: ['core', 'templates', 'runs', 'aws', 'service'],
  server: ['core', 'templates', 'runs', 'aws', 'service'],
  agent: ['core', 'templates', 'runs', 'aws', 'service', 'server', 'launcher'],
  cli: ['core', 'templates', 'runs', 'aws', 'service', 'server', 'launcher', 'agent', 'worker', 'local', 'sdk'],
};

interface ForbiddenText {
  readonly pattern: RegExp;
  readonly allowedIn: RegExp;
  readonly why: string;
}

const FORBIDDEN: readonly ForbiddenText[] = [
  {
    pattern: /\bDate\.now\(|new Date\(\)|Math\.random\(|\bsetTimeout\(|\bsetInterval\(/,
    allowedIn: /^(service\/clock|sdk\/real-clock|local\/)/,
    why: 'time and chance come from the injected Clock',
  },
  { pattern: /process\.env\b/, allowedIn: /(^|\/)env\.ts$/, why: 'the environment is read in env.ts only' },
  { pattern: /process\.exit\(/, allowedIn: /^$/, why: 'set process.exitCode and let the process end' },
  { pattern: /@ts-(ignore|expect-error|nocheck)|biome-ignore/, allowedIn: /^$/, why: 'no checker is silenced' },
  { pattern: /\b(TODO|FIXME|XXX)\b/, allowedIn: /^$/, why: 'unfinished work is an issue, not a comment' },
];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function importFaults(file: string, text: string): string[] {
  const from = topFolder(file);
  const allowed = MAY_IMPORT[from];
  if (!allowed) return [`${nameOf(file)}: src/${from} is not a folder of the design`];
  const faults: string[] = [];
  for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)) {
    const to = topFolder(resolve(dirname(file), specifier));
    if (to !== from && !allowed.includes(to))
      faults.push(`${nameOf(file)}: ${from} may not import ${to} (${specifier})`);
  }
  return faults;
}

function textFaults(file: string, text: string): string[] {
  const inSource = relative(SRC, file);
  return text
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(({ pattern, allowedIn }) => pattern.test(line) && !allowedIn.test(inSource)).map(
        ({ why }) => `${nameOf(file)}:${index + 1}: ${why}`,
      ),
    );
}

function topFolder(path: string): string {
  return relative(SRC, path).split('/')[0] ?? '';
}

function nameOf(file: string): string {
  return relative(ROOT, file);
}

const files = sourceFiles(SRC).map((path) => ({ path, name: nameOf(path), text: readFileSync(path, 'utf8') }));
const faults = [
  ...files.flatMap(({ path, text }) => [...importFaults(path, text), ...textFaults(path, text)]),
  ...awsCallFaults(files.filter(({ path }) => topFolder(path) !== 'local')),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`rules: ${files.length} files, ${faults.length} faults\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
