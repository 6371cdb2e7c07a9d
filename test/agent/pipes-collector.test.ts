import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import { PipesCollector } from '../../src/agent/pipes-collector.ts';
import { RunWatcher } from '../../src/agent/watch-runs.ts';
import type { LogReader } from '../../src/core/log-reader.ts';
import { ok } from '../../src/core/result.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { ALL_SHARDS } from '../fakes/all-shards.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, planOf, stop } from '../runs/deps.ts';

const OPENED = '{"__dagster_pipes_version":"0.1","method":"opened","params":{"extras":{}}}';
const CLOSED = '{"__dagster_pipes_version":"0.1","method":"closed","params":{}}';

let { clock, store, host, deps } = memoryDeps();
let details: MemoryRunDetails;
let reads: number;

beforeEach(async () => {
  ({ clock, store, host, deps } = memoryDeps());
  details = new MemoryRunDetails();
  reads = 0;
  shown = new Promise((resolve) => {
    show = resolve;
  });
  const run = queuedRun();
  await store.accept(run);
  const planner = async () => ok({ plan: planOf(run, { pipes: 'logs' }), policy: DEFAULT_POLICY });
  await launchRun({ ...deps, planner }, run, stop);
});

function agent(by: string, logs: LogReader) {
  const collected: string[] = [];
  const collector = new PipesCollector({
    locate: async () => ok({ group: 'g', stream: 's' }),
    open: () => ({ logs, details }),
    clock,
    log: silentLog,
    by,
    onCollected: (runId) => collected.push(runId),
  });
  const watcher = new RunWatcher({
    store,
    recover: { ...deps, by, maySettle: (...of) => collector.maySettle(...of) },
    clock,
    log: silentLog,
    onTrouble: () => {},
    isBeingLaunched: () => false,
    shards: ALL_SHARDS,
    onQueued: () => {},
    onFreed: () => {},
    pace: DEFAULT_PACE,
  });
  return { watcher, collected };
}

/** The output shows itself only once a test lets it. */
let show: () => void;
let shown: Promise<void>;

const output: LogReader = {
  read: async (_group, _stream, cursor) => {
    await shown;
    reads += 1;
    return {
      lines: cursor === undefined ? [OPENED, 'noise', CLOSED].map((message) => ({ at: 1, message })) : [],
      cursor: '1',
    };
  },
};

/** The task ends well, just now. */
function end(): void {
  const taskArn = host.taskArns[0] ?? '';
  host.end(taskArn, 0);
  const seen = host.observations.get(taskArn);
  if (seen?.kind === 'stopped') {
    host.observations.set(taskArn, { ...seen, task: { ...seen.task, stoppedAt: clock.now() } });
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a plain container whose flow asks for pipes', () => {
  it('has its messages on record before its run is settled', async () => {
    const { watcher, collected } = agent('agent-1', output);
    await watcher.scan();
    end();
    await watcher.look(stop, true);
    await watcher.look(stop, true);
    expect(store.peek('run-1')?.status).not.toBe('SUCCEEDED');
    show();
    await until(() => collected.length > 0);
    expect((await details.reports('run-1', 10)).reports.map(({ method }) => method)).toEqual(['opened', 'closed']);
    await watcher.look(stop, true);
    expect(store.peek('run-1')?.status).toBe('SUCCEEDED');
    expect(reads).toBe(2);
  });

  it('is read by the agent that launched it, and by another one only when that does not settle it', async () => {
    const { watcher, collected } = agent('agent-2', output);
    await watcher.scan();
    end();
    await watcher.look(stop, true);
    show();
    expect(collected).toEqual([]);
    clock.advance(200_000);
    await watcher.look(stop, true);
    await until(() => collected.length > 0);
    await watcher.look(stop, true);
    expect(store.peek('run-1')?.status).toBe('SUCCEEDED');
  });

  it('is settled all the same when its output cannot be read', async () => {
    const denied: LogReader = {
      read: async () => {
        throw new Error('AccessDenied');
      },
    };
    const { watcher, collected } = agent('agent-1', denied);
    await watcher.scan();
    end();
    await watcher.look(stop, true);
    await until(() => collected.length > 0);
    await watcher.look(stop, true);
    expect(store.peek('run-1')?.status).toBe('SUCCEEDED');
  });
});
