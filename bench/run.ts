import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Figure } from './figure.ts';
import { measureAccept } from './measure-accept.ts';
import { measureLatency } from './measure-latency.ts';
import { measureLaunch } from './measure-launch.ts';
import { measurePlans } from './measure-plans.ts';

/** Measures, prints, and writes bench/README.md. Client, local AWS and agent share this machine. */
const figures: Figure[] = [];
for (const measure of [measurePlans, measureAccept, measureLaunch, measureLatency]) {
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
