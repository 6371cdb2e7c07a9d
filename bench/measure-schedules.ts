import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { benchEnv } from './env.ts';
import { type Figure, percentile } from './figure.ts';
import { openStage, type Stage } from './local-stage.ts';

const SCHEDULES = 1_000;

/** Time for the agent to start and to put every schedule on record. */
const DUE_IN_MS = 25_000;

/** From a tick that a thousand schedules share to their runs on record, by an agent whose labels let it launch none of them. */
export async function measureSchedules(): Promise<readonly Figure[]> {
  const stage = await openStage();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    writeFileSync(join(folder, 'many.yaml'), flowDueAt(Date.now() + DUE_IN_MS));
    const lateness = await firedBy(stage, folder);
    return [
      {
        name: `tick to accepted run, ${SCHEDULES} schedules at once, p50`,
        value: percentile(lateness, 0.5),
        unit: 'ms',
        aim: '',
      },
      {
        name: `tick to accepted run, ${SCHEDULES} schedules at once, p99`,
        value: percentile(lateness, 0.99),
        unit: 'ms',
        aim: '≤ 1000',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await stage.stop();
  }
}

function flowDueAt(moment: number): string {
  const at = new Date(Math.ceil(moment / 1000) * 1000).toISOString().slice(0, 19);
  const schedules = Array.from({ length: SCHEDULES }, (_, i) => `  - {name: s-${i}, at: "${at}", labels: [elsewhere]}`);
  return ['flow: many', 'version: "1"', 'runConfig: {image: none}', 'schedules:', ...schedules, ''].join('\n');
}

/** How late each run was on record, as the agent's log tells. */
async function firedBy({ aws, queueUrl }: Stage, flows: string): Promise<readonly number[]> {
  const config = new URL('config/agent.yaml', import.meta.url).pathname;
  const words = [
    'agent',
    'start',
    '--config',
    config,
    '--queue-url',
    queueUrl,
    '--flows',
    flows,
    '--log-level',
    'info',
  ];
  const agent = spawn(process.execPath, ['dist/cli/main.js', ...words], {
    env: { ...benchEnv(), AWS_ENDPOINT_URL: aws.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(agent, 'exit');
  const lateness: number[] = [];
  try {
    for await (const line of createInterface({ input: agent.stdout })) {
      if (!line.includes('"schedule.fired"')) continue;
      lateness.push(Number(JSON.parse(line).ms));
      if (lateness.length === SCHEDULES) break;
    }
  } finally {
    agent.kill('SIGTERM');
    await exited;
  }
  if (lateness.length < SCHEDULES) throw new Error(`the agent made ${lateness.length} runs of ${SCHEDULES} ticks`);
  return lateness;
}
