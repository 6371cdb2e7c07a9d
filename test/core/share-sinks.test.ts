import { describe, expect, it } from 'vitest';
import { shareSinks } from '../../src/core/share-sinks.ts';
import { presence, TEST_PROCESS } from '../fakes/presence.ts';

const MINUTE = 60_000;
const now = 100 * MINUTE;

function agent(instance: string, startedAt: number, sinks: readonly string[], at = now) {
  return presence({ instance, process: { ...TEST_PROCESS, startedAt }, at, sinks });
}

describe('the telling among agents', () => {
  const alike = [agent('new', 2, ['slack', 'mail']), agent('old', 1, ['slack', 'mail'])];

  it('is the oldest living agent’s where all know the same sinks', () => {
    const sinks = ['slack', 'mail'];
    const all = (_: string) => true;
    expect(shareSinks(alike, { instance: 'old', sinks }, all, now)).toEqual({
      mine: new Set(sinks),
      foreign: new Set(),
    });
    expect(shareSinks(alike, { instance: 'new', sinks }, all, now).mine).toEqual(new Set());
    expect(shareSinks(alike, { instance: 'new', sinks }, (one) => one === 'new', now).mine).toEqual(new Set(sinks));
  });

  it('is shared by sinks where they differ, and an agent that says nothing of sinks tells none', () => {
    const agents = [agent('older-version', 0, []), agent('one', 1, ['slack']), agent('two', 2, ['slack', 'sns'])];
    const all = () => true;
    expect(shareSinks(agents, { instance: 'one', sinks: ['slack'] }, all, now)).toEqual({
      mine: new Set(['slack']),
      foreign: new Set(['sns']),
    });
    expect(shareSinks(agents, { instance: 'two', sinks: ['slack', 'sns'] }, all, now)).toEqual({
      mine: new Set(['sns']),
      foreign: new Set(),
    });
  });

  it('waits a quarter of an hour for an agent that is gone and alone knows a sink', () => {
    const me = { instance: 'one', sinks: ['slack'] };
    const gone = (at: number) => [agent('one', 1, ['slack']), agent('two', 2, ['sns'], at)];
    const alive = (instance: string) => instance === 'one';
    expect(shareSinks(gone(now - 14 * MINUTE), me, alive, now).foreign).toEqual(new Set(['sns']));
    expect(shareSinks(gone(now - 16 * MINUTE), me, alive, now).foreign).toEqual(new Set());
  });
});
