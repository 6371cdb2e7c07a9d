import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { newScheduleState } from '../../src/core/schedules/schedule-state.ts';
import { tickRunId } from '../../src/runs/tick-run.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import type { AgentPlace } from './agent-process.ts';
import type { CrashBench } from './crash-bench.ts';

const HOUR_MS = 3_600_000;

/**
 * Leaves a tick to be caught up: the flow gets a schedule that was due an hour ago, and its state on record ends before
 * that. Agents that start now find it, however slow the machine is. Resolves to the id of the tick's run.
 */
export async function missTick(bench: CrashBench, place: AgentPlace, flow: string, yaml: string): Promise<string> {
  const tick = Math.floor((Date.now() - HOUR_MS) / 1_000) * 1_000;
  const at = new Date(tick).toISOString().slice(0, 19);
  writeFileSync(
    join(dirname(place.configRef), 'flows', `${flow}.yaml`),
    `${yaml}schedules: [{ name: once, at: "${at}" }]\n`,
  );
  const { configRef } = place;
  const workspace = await loadWorkspace({ configRef, settings: {}, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error('the configuration is bad');
  const [schedule] = workspace.value.flows.get(flow)?.schedules ?? [];
  if (schedule === undefined) throw new Error(`flow ${flow} has no schedule`);
  const state = newScheduleState(schedule.id, schedule.definition, tick - HOUR_MS);
  await connectAws(bench.options).schedules(place.table).create(state);
  return tickRunId(schedule, tick);
}
