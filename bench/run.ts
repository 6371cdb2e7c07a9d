import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { useLocalCredentials } from './env.ts';
import type { Figure } from './figure.ts';

//  local AWS and the sender: this process  <─ AWS SDK ─>  the agent: a process of its own
useLocalCredentials();
const { measureAccept } = await import('./measure-accept.ts');
const { measureLatency } = await import('./measure-latency.ts');
const { measureLaunch } = await import('./measure-launch.ts');
const { measureLoading } = await import('./measure-loading.ts');
const { measurePlans } = await import('./measure-plans.ts');
const { measureWorker } = await import('./measure-worker.ts');

const figures: Figure[] = [];
for (const measure of [measurePlans, measureLoading, measureAccept, measureLaunch, measureLatency, measureWorker]) {
  for (const figure of await measure()) {
    figures.push(figure);
    process.stdout.write(`${figure.name}: ${round(figure.value)} ${figure.unit}\n`);
  }
}
const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}`;
writeFileSync(
  new URL('README.md', import.meta.url),
  `# Bench

\`npm run bench\` measures and writes this page. The sender and local AWS are one process, the agent another; they share the
machine, so the figures say what the whole costs, not what the agent alone could do. Machines are noisy: compare figures of
one run with each other, not with those of another machine.

${machine}

| figure | measured | aim |
|---|--:|--:|
${figures.map(({ name, value, unit, aim }) => `| ${name} | ${round(value)} ${unit} | ${aim} |`).join('\n')}
`,
);

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100);
}
