import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { useLocalCredentials } from './env.ts';
import type { Figure } from './figure.ts';

//  npm run bench              measures everything
//  npm run bench -- rates idle   these only; the others keep what they were
//
//  local AWS and the sender: this process  <─ AWS SDK ─>  the agent: a process of its own
useLocalCredentials();
const MEASURES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  plans: async () => (await import('./measure-plans.ts')).measurePlans(),
  loading: async () => (await import('./measure-loading.ts')).measureLoading(),
  accept: async () => (await import('./measure-accept.ts')).measureAccept(),
  launch: async () => (await import('./measure-launch.ts')).measureLaunch(),
  latency: async () => (await import('./measure-latency.ts')).measureLatency(),
  schedules: async () => (await import('./measure-schedules.ts')).measureSchedules(),
  worker: async () => (await import('./measure-worker.ts')).measureWorker(),
  rates: async () => (await import('./measure-rates.ts')).measureRates(),
  sweep: async () => (await import('./measure-sweep.ts')).measureSweep(),
  idle: async () => (await import('./measure-idle.ts')).measureIdle(),
  memory: async () => (await import('./measure-memory.ts')).measureMemory(),
};

const FIGURES = new URL('figures.json', import.meta.url);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(MEASURES, name));
if (unknown.length > 0)
  throw new Error(`no such measure: ${unknown.join(', ')}; there are ${Object.keys(MEASURES).join(', ')}`);
const held: Record<string, readonly Figure[]> = existsSync(FIGURES) ? JSON.parse(readFileSync(FIGURES, 'utf8')) : {};
for (const [name, measure] of Object.entries(MEASURES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const figures = await measure();
  held[name] = figures;
  for (const figure of figures) process.stdout.write(`${figure.name}: ${round(figure.value)} ${figure.unit}\n`);
}
writeFileSync(FIGURES, `${JSON.stringify(held, null, 2)}\n`);

const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}`;
const rows = Object.keys(MEASURES).flatMap((name) => held[name] ?? []);
writeFileSync(
  new URL('README.md', import.meta.url),
  `# Bench

\`npm run bench\` measures and writes this page; \`npm run bench -- rates idle\` measures these again and keeps the others. The
sender and local AWS are one process, the agent another; they share the machine, so the figures say what the whole costs, not
what the agent alone could do. Machines are noisy: compare figures of one run with each other, not with those of another machine.

${machine}

| figure | measured | aim |
|---|--:|--:|
${rows.map(({ name, value, unit, aim }) => `| ${name} | ${round(value)} ${unit} | ${aim} |`).join('\n')}
`,
);

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100);
}
