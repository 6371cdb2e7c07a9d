import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tickRunId } from '../src/runs/tick-run.ts';
import type { ExpectedRun } from './messages.ts';

/** Far enough away for the agent to see the new file first. */
const DUE_IN_MS = 4_000;

/** Adds a flow that is due in a moment, while the agent runs: its tick makes a run that nobody has sent a message for. */
export function addScheduledFlow(flows: string): { readonly what: string; readonly run: ExpectedRun } {
  const tick = Math.ceil((Date.now() + DUE_IN_MS) / 1000) * 1000;
  const at = new Date(tick).toISOString().slice(0, 19);
  const lines = [
    'flow: scheduled',
    'version: "1"',
    'artifact: ./heartbeat.mjs',
    'schedules:',
    `  - at: "${at}"`,
    '    parameters: { tick: "{{ tick.iso }}" }',
  ];
  writeFileSync(join(flows, 'scheduled.yaml'), `${lines.join('\n')}\n`);
  const runId = tickRunId({ id: 'scheduled/default' }, tick);
  return { what: `a flow with a schedule: at ${at} UTC`, run: { runId, status: 'SUCCEEDED', code: 'SUCCEEDED' } };
}
