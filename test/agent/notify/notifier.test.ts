import { describe, expect, it } from 'vitest';
import { Notifier } from '../../../src/agent/notify/notifier.ts';
import { GIVE_UP_MS } from '../../../src/agent/notify/sink-lane.ts';
import type { Notice } from '../../../src/core/notice.ts';
import type { FinishedRun } from '../../../src/core/run.ts';
import { silentLog } from '../../../src/service/log.ts';
import { agentNotify, type NotifySink, nameOfSink } from '../../../src/templates/notify-shape.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryNoticeOutbox } from '../../fakes/memory-notice-outbox.ts';
import { runFacts, runRequest } from '../../fakes/runs.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

describe('telling sinks of ended runs', () => {
  it('tells each sink once, and takes the run out when all have been told', async () => {
    const world = newWorld(sink('a'), sink('b'));
    world.end('run-1');
    await world.round();
    await world.round();
    expect(world.sent.map(({ dedupeKey }) => dedupeKey).sort()).toEqual(['run-1/1/FAILED/a', 'run-1/1/FAILED/b']);
    expect(await world.outbox.pending(10)).toEqual([]);
  });

  it('tells again with the same key after a death between the telling and its note', async () => {
    const world = newWorld(sink('a'));
    world.end('run-1');
    world.outbox.isDead = true;
    await world.round();
    world.outbox.isDead = false;
    const next = newWorld(sink('a'));
    await world.round(next.notifierOn(world.outbox));
    expect([...world.sent, ...next.sent].map(({ dedupeKey }) => dedupeKey)).toEqual([
      'run-1/1/FAILED/a',
      'run-1/1/FAILED/a',
    ]);
    expect(await world.outbox.pending(10)).toEqual([]);
  });

  it('says one thing of a flow at a time: what ends in the quiet time is told together after it', async () => {
    const world = newWorld(sink('a', '15m'));
    world.end('run-1');
    await world.round();
    for (const runId of ['run-2', 'run-3']) world.end(runId);
    world.end('other', 'other-flow');
    await world.round();
    expect(world.sent.map(({ runs }) => runs.map(({ runId }) => runId))).toEqual([['run-1'], ['other']]);
    world.clock.advance(15 * MINUTE);
    await world.round();
    expect(world.sent[2]?.runs.map(({ runId }) => runId)).toEqual(['run-2', 'run-3']);
    expect(world.sent[2]?.dedupeKey).toMatch(/^digest\/.*\/a$/);
  });

  it('keeps no sink waiting for a dead one, or for one that never answers', async () => {
    const world = newWorld(sink('dead'), sink('hangs'), sink('well'));
    world.failing.add('dead');
    world.hanging.add('hangs');
    for (const runId of ['run-1', 'run-2']) world.end(runId);
    await world.notifier.round(never);
    await expect.poll(() => world.sent.length).toBe(2);
    expect(new Set(world.sent.map(({ dedupeKey }) => dedupeKey.split('/')[3]))).toEqual(new Set(['well']));
  });

  it('backs off from a sink that fails, and tells it once it is well, but not those that were told', async () => {
    const world = newWorld(sink('a'), sink('b'));
    world.failing.add('a');
    world.end('run-1');
    await world.round();
    await world.round();
    expect(world.tries).toEqual(['a', 'b']);
    world.failing.clear();
    const restarted = world.notifierOn(world.outbox);
    await world.round(restarted);
    expect(world.tries).toEqual(['a', 'b', 'a']);
    expect(await world.outbox.pending(10)).toEqual([]);
  });

  it('gives up on a sink that has taken nothing for a day, and says so', async () => {
    const world = newWorld(sink('a'));
    world.failing.add('a');
    world.end('run-1');
    await world.round();
    world.clock.advance(GIVE_UP_MS + MINUTE);
    await world.round();
    expect(world.logged).toContain('notify.given-up');
    expect(await world.outbox.pending(10)).toEqual([]);
  });

  it('leaves to others what only their sinks are to be told, and takes the run out when they have noted it', async () => {
    const world = newWorld(sink('a'));
    world.foreign.add('theirs');
    world.end('run-1');
    await world.round();
    await world.round();
    expect(world.sent).toHaveLength(1);
    expect(await world.outbox.read('run-1')).toMatchObject({ told: new Set(['a']) });
    await world.outbox.noteTold('run-1', 'theirs');
    world.clock.advance(MINUTE);
    await world.round();
    expect(await world.outbox.pending(10)).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });

  it('notes its sinks for others also where they are not to be told', async () => {
    const world = new World([]);
    world.own = [sink('a')];
    world.foreign.add('theirs');
    world.end('run-1');
    await world.round();
    expect(await world.outbox.read('run-1')).toMatchObject({ told: new Set(['a']) });
  });

  it('waits a quarter of an hour for an agent that knows the sink which a flow names, then says that there is none', async () => {
    const world = newWorld(sink('a'));
    world.unknown = ['pager'];
    world.end('run-1');
    await world.round();
    await world.round();
    expect(await world.outbox.pending(10)).toEqual(['run-1']);
    world.clock.advance(16 * MINUTE);
    await world.round();
    expect(world.logged).toEqual(['notify.no-such-sink']);
    expect(await world.outbox.pending(10)).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });

  it('is the work of one agent', async () => {
    const world = newWorld(sink('a'));
    world.end('run-1');
    world.isTeller = false;
    await world.round();
    expect(world.sent).toEqual([]);
    expect(await world.outbox.pending(10)).toEqual(['run-1']);
  });
});

function sink(name: string, throttle = '0s'): NotifySink {
  const [parsed] = agentNotify.parse([{ name, throttle, to: 'command', command: ['true'] }]);
  if (parsed === undefined) throw new Error('no sink');
  return parsed;
}

class World {
  readonly outbox = new MemoryNoticeOutbox();
  readonly clock = new ManualClock();
  readonly sent: Notice[] = [];
  readonly tries: string[] = [];
  readonly failing = new Set<string>();
  readonly hanging = new Set<string>();
  readonly logged: string[] = [];
  readonly notifier: Notifier;
  readonly #sinks: readonly NotifySink[];
  isTeller = true;
  foreign = new Set<string>();
  /** Its sinks, where not all of them are to be told. */
  own: readonly NotifySink[] | undefined;
  unknown: readonly string[] = [];

  constructor(sinks: readonly NotifySink[]) {
    this.#sinks = sinks;
    this.notifier = this.notifierOn(this.outbox);
  }

  get mine(): readonly NotifySink[] {
    return this.isTeller ? (this.own ?? this.#sinks) : [];
  }

  end(runId: string, flow = 'etl'): void {
    this.outbox.put(failedRun(runId, flow, this.clock.now()));
  }

  async round(notifier = this.notifier): Promise<void> {
    await notifier.round(never);
    await notifier.settled();
  }

  notifierOn(outbox: MemoryNoticeOutbox): Notifier {
    return new Notifier({
      outbox,
      clock: this.clock,
      log: { ...silentLog, error: (event) => void this.logged.push(event) },
      telling: this,
      addresseesOf: async () => ({ sinks: this.#sinks, unknown: this.unknown, hasRecovered: false }),
      send: (to, notice) => this.#send(nameOfSink(to), notice),
      onTrouble: () => {},
      everyMs: 1,
    });
  }

  async #send(name: string, notice: Notice): Promise<void> {
    this.tries.push(name);
    if (this.hanging.has(name)) await new Promise(() => {});
    if (this.failing.has(name)) throw new Error('dead');
    this.sent.push(notice);
  }
}

function newWorld(...sinks: readonly NotifySink[]): World {
  return new World(sinks);
}

function failedRun(runId: string, flow: string, finishedAt: number): FinishedRun {
  const reason = { code: 'EXIT_CODE', message: 'it ended with 3' } as const;
  return { ...runFacts({ runId, request: runRequest({ flow }) }), status: 'FAILED', finishedAt, reason };
}
