import { readFileSync } from 'node:fs';
import type { Figure } from './figure.ts';
import { callsOf, openStage, pause, sendRequests, spawnAgent } from './local-stage.ts';

const RUNS = 50_000;
const SENT_AT_ONCE = 2_000;

/** As supervisord.conf, `slipway agent install` and Dockerfile.agent start it. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=512'];

/**
 * The memory of an agent that has taken fifty thousand runs to their ends. Their tasks fail to start, since as many
 * processes would measure the machine.
 */
export async function measureMemory(): Promise<readonly Figure[]> {
  const stage = await openStage({ delays: { provisioningMs: 0 }, stoppedRetentionMs: 60_000 });
  stage.aws.ecsFaults.startFailure({ times: RUNS * 2 });
  try {
    const agent = spawnAgent(stage, { nodeFlags: NODE_FLAGS });
    const samples: number[] = [];
    for (let sent = 0; sent < RUNS; sent += SENT_AT_ONCE) {
      await sendRequests(stage, SENT_AT_ONCE, { flow: 'stillborn' });
      while (callsOf(stage, 'ecs.RunTask') < sent + SENT_AT_ONCE) await pause(50);
      samples.push(residentMegabytes(agent.pid));
    }
    // The last ones are seen to their ends, and garbage is collected.
    await pause(30_000);
    const last = residentMegabytes(agent.pid);
    await agent.drain();
    const half = samples.slice(samples.length / 2, samples.length / 2 + 5);
    const end = samples.slice(-5);
    return [
      { name: 'memory of the agent after 50 000 runs', value: last, unit: 'MB', aim: '≤ 160' },
      { name: 'the most that it ever had', value: Math.max(...samples), unit: 'MB', aim: '' },
      { name: 'its growth over the last 25 000', value: mean(end) - mean(half), unit: 'MB', aim: '≤ 5' },
    ];
  } finally {
    await stage.stop();
  }
}

/** Of Linux: resident set size, in MB. */
function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
