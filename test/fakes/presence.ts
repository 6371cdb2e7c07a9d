import type { AgentPresence, AgentProcess } from '../../src/core/fleet.ts';

/** The program of an agent in a test. */
export const TEST_PROCESS: Omit<AgentProcess, 'startedAt'> = { host: 'host', pid: 7, version: '0.0.0' };

/** An agent at work with room to spare. */
export function presence(over: Partial<AgentPresence> = {}): AgentPresence {
  return {
    name: 'one',
    instance: 'one-1',
    state: 'working',
    process: { ...TEST_PROCESS, startedAt: 0 },
    labels: [],
    strictLabels: false,
    queues: [],
    flows: 2,
    sinks: [],
    inFlight: 3,
    concurrentRuns: 10,
    launchesPerSecond: 18,
    beat: 7,
    at: 0,
    ...over,
  };
}
