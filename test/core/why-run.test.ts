import { describe, expect, it } from 'vitest';
import type { AgentPresence } from '../../src/core/fleet.ts';
import { nextFacts } from '../../src/core/next-facts.ts';
import type { FinishedRun, LaunchingRun, QueuedRun, RunningRun, StartingRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { WhyFacts } from '../../src/core/why.ts';
import { whyRun } from '../../src/core/why-run.ts';
import { presence } from '../fakes/presence.ts';
import { queuedRun, runFacts, runRequest } from '../fakes/runs.ts';

const NOW = 1_700_000_100_000;

function agent(over: Partial<AgentPresence> = {}): AgentPresence {
  return presence({ at: NOW - 4_000, ...over });
}

function why(over: Partial<WhyFacts> = {}) {
  return whyRun({ run: queuedRun(), now: NOW, agents: [agent()], limits: [], ...over });
}

/** What is not met, in its order. */
function unmet(over: Partial<WhyFacts>): readonly string[] {
  return why(over).checks.flatMap(({ isMet, what }) => (isMet ? [] : [what]));
}

describe('why a queued run waits', () => {
  it('is nothing where nothing stands in its way', () => {
    expect(unmet({})).toEqual([]);
    expect(why().answer).toContain('Nothing stands in its way');
    expect(why().answer).toContain('at most 18 runs a second');
  });

  it('is its own time', () => {
    const run = queuedRun({ notBefore: NOW + 30_000 });
    expect(unmet({ run })).toEqual(['its time has come']);
    expect(why({ run }).answer).toBe('It is not to be launched for another 30 s.');
  });

  it('is the pause before another attempt, with what made it necessary and what helps', () => {
    const waiting = { code: 'OUT_OF_MEMORY', message: 'It used all of its memory.', evidence: 'exit 137' } as const;
    const told = why({ run: queuedRun({ notBefore: NOW + 30_000, attempt: 2, waiting }) });
    expect(told.answer).toContain('after OUT_OF_MEMORY It used all of its memory. (exit 137)');
    expect(told.next[0]?.step).toContain('more memory');
    expect(told.reason).toEqual(waiting);
  });

  it('is that nobody wants it any more', () => {
    const run = queuedRun({ request: runRequest({ expiresAt: NOW - 1 }) });
    expect(unmet({ run })).toEqual(['it has not expired']);
  });

  it('is that no agent is alive, with the command that starts one with its labels', () => {
    const run = queuedRun({ request: runRequest({ labels: ['gpu'] }) });
    expect(unmet({ run, agents: [] })).toEqual(['a live agent']);
    expect(unmet({ run, agents: [agent({ labels: ['gpu'], at: NOW - 600_000 })] })).toEqual(['a live agent']);
    expect(why({ run, agents: [] }).next[0]?.step).toBe('slipway agent start -l gpu');
  });

  it('is that the only agents are about to end, or have ended, or have fallen silent', () => {
    const gone = [agent({ state: 'draining' }), agent({ state: 'stopped' }), agent({ at: NOW - 600_000 })];
    expect(unmet({ agents: gone })).toEqual(['a live agent']);
    expect(why({ agents: gone }).checks.find(({ what }) => what === 'a live agent')?.evidence).toBe(
      'draining: one, heard of 4 s ago; stopped: one, heard of 4 s ago; silent: one, heard of 10 min ago',
    );
  });

  it('is the labels that no live agent has, its flow’s included', () => {
    const run = queuedRun({ wants: ['gpu', 'big'] });
    expect(unmet({ run, agents: [agent({ labels: ['gpu'] })] })).toEqual(['labels']);
    expect(why({ run }).checks.find(({ what }) => what === 'labels')?.evidence).toBe('needs gpu, big · one has none');
    expect(unmet({ run, agents: [agent({ labels: ['big', 'gpu'] })] })).toEqual([]);
  });

  it('is that every agent that may take it is full, whatever room others have', () => {
    const run = queuedRun({ wants: ['gpu'] });
    const full = agent({ labels: ['gpu'], inFlight: 10 });
    expect(unmet({ run, agents: [full, agent({ name: 'two', instance: 'two-1' })] })).toEqual(['room']);
  });

  it('is a full limit: which, who holds it, and what to change', () => {
    const told = why({ limits: [{ key: 'flow/hello', limit: 1, holders: ['other'] }] });
    expect(told.checks.at(-1)).toEqual({ isMet: false, what: 'limit flow/hello', evidence: '1 of 1 in use: other' });
    expect(told.answer).toBe('It starts when one of the runs under the limit flow/hello ends.');
    expect(told.next.map(({ step }) => step)).toEqual([
      "concurrency.limit in the flow's file",
      'slipway why other',
      'slipway runs cancel run-1',
    ]);
  });

  it('is no limit that has a place, or of which it has one', () => {
    expect(unmet({ limits: [{ key: 'all/runs', limit: 2, holders: ['other'] }] })).toEqual([]);
    expect(unmet({ limits: [{ key: 'all/runs', limit: 1, holders: ['run-1'] }] })).toEqual([]);
  });

  it('is the first of several, and all of them are told', () => {
    const run = queuedRun({ notBefore: NOW + 1_000 });
    const limits = [{ key: 'all/runs', limit: 1, holders: ['other'] }];
    expect(unmet({ run, agents: [], limits })).toEqual(['its time has come', 'a live agent', 'limit all/runs']);
    expect(why({ run, agents: [], limits }).answer).toContain('not to be launched for another 1 s');
  });
});

describe('why a run goes on as it does', () => {
  it('is ECS without room, and no attempt is used up', () => {
    const reason = { code: 'NOT_PLACED', message: 'ECS has no room.', evidence: 'RESOURCE:MEMORY' } as const;
    const told = why({ run: { ...launching(), unplaced: { reason, until: NOW + 15_000 } } });
    expect(told.answer).toBe('ECS has placed no task. It is asked again in about 15 s; no attempt is used up.');
    expect(told.checks).toContainEqual({
      isMet: false,
      what: 'ECS has room',
      evidence: 'NOT_PLACED ECS has no room. (RESOURCE:MEMORY)',
    });
  });

  it('is a launch without an outcome', () => {
    expect(why({ run: launching() }).answer).toContain('agent-1 has sent the launch');
  });

  it('is a task that starts, and when that is given up', () => {
    expect(why({ run: starting() }).answer).toMatch(/ECS is starting its task.* longer than 15 min\.$/);
  });

  it('is its code, or somebody’s wish that it end', () => {
    expect(why({ run: running() }).answer).toBe('Its code runs.');
    const cancel = { by: 'ada', reason: 'no need', at: NOW };
    expect(why({ run: { ...running(), cancel } }).answer).toBe('It ends when ECS says that its task has stopped.');
  });
});

describe('why a run ended', () => {
  it('is its reason, each attempt with its own, and what to do about it', () => {
    const told = why({ run: failed() });
    expect(told.answer).toBe('It has ended, after 2 attempts: Exit code 3.');
    expect(told.checks.map(({ what, evidence }) => `${what}: ${evidence}`)).toEqual([
      'attempt 1: SPOT_INTERRUPTION Spot took it.; tried again',
      'attempt 2: EXIT_CODE Exit code 3.',
    ]);
    expect(told.next.map(({ step }) => step)).toEqual([
      'Look at the logs of the run.',
      'slipway logs run-1',
      'slipway trace run-1',
    ]);
  });
});

function launching(run: QueuedRun = queuedRun()): LaunchingRun {
  return {
    ...nextFacts(run, 'LAUNCHING', NOW - 5_000, 'agent-1'),
    status: 'LAUNCHING',
    placement: 0,
    lease: { owner: 'agent-1', instance: 'i', epoch: 1, until: NOW },
    intent: {
      request: { cluster: 'main', clientToken: 't', startedBy: 'slipway/run-1/1', taskDefinition: 'etl:7' },
      container: 'flow',
      worker: false,
      policy: DEFAULT_POLICY,
      createdAt: NOW - 5_000,
    },
  };
}

function starting(): StartingRun {
  const { intent } = launching();
  const task = { taskArn: 'arn:task/1', launchedAt: NOW - 4_000 };
  return { ...nextFacts(runFacts(), 'STARTING', NOW - 4_000, 'agent-1'), status: 'STARTING', intent, task };
}

function running(): RunningRun {
  const { intent, task } = starting();
  return {
    ...nextFacts(runFacts(), 'RUNNING', NOW - 1_000, 'agent-1'),
    status: 'RUNNING',
    intent,
    task,
    startedAt: NOW - 1_000,
  };
}

function failed(): FinishedRun {
  const reason = { code: 'EXIT_CODE', message: 'Exit code 3.' } as const;
  const spot = { code: 'SPOT_INTERRUPTION', message: 'Spot took it.' } as const;
  const ended = { taskArn: 'arn:task/1', finishedAt: NOW } as const;
  const attempts = [
    { ...ended, attempt: 1, status: 'CRASHED', reason: spot, retriedAs: 'CRASHED' },
    { ...ended, attempt: 2, status: 'FAILED', reason },
  ] as const;
  return { ...runFacts({ attempt: 2, attempts }), status: 'FAILED', finishedAt: NOW, reason };
}

describe('why a run of a worker runs on', () => {
  const run = running();
  const heartbeat = { attempt: 1, taskArn: run.task.taskArn, count: 7, at: NOW - 8_000 };
  const what = 'its worker gives signs of life';

  it('shows the last sign of life, and says so when they have ceased', () => {
    expect(why({ run, heartbeat }).checks).toContainEqual({ isMet: true, what, evidence: 'number 7, 8 s ago' });
    expect(unmet({ run, heartbeat: { ...heartbeat, at: NOW - 90_000 } })).toEqual([what]);
    expect(why({ run, heartbeat: { ...heartbeat, at: NOW - 90_000 } }).checks[2]?.evidence).toBe(
      'number 7, 90 s ago; its task is stopped after 6 min without one',
    );
  });

  it('says nothing of an earlier attempt, or where there is none', () => {
    expect(why({ run: { ...run, attempt: 2 }, heartbeat }).checks.map((check) => check.what)).not.toContain(what);
    expect(why({ run }).checks.map((check) => check.what)).not.toContain(what);
  });
});
