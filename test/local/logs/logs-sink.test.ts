import { describe, expect, it } from 'vitest';
import { createLogs } from '../../../src/local/logs/create-logs.ts';
import { systemClock } from '../../../src/local/system-clock.ts';

function openLogs() {
  return createLogs({ stateDir: undefined, clock: systemClock, region: 'us-east-1', accountId: '000000000000' });
}

function call(operation: string, input: Record<string, unknown>) {
  return { operation, input, gone: new AbortController().signal, endpoint: 'http://localhost', caller: 'test' };
}

describe('the sink for the output of tasks', () => {
  it('makes the stream when its first event comes, and only then', async () => {
    const logs = openLogs();
    logs.sink.createGroup('/g');
    logs.sink.createGroup('/g');
    expect(await logs.call(call('DescribeLogStreams', { logGroupName: '/g' }))).toEqual({ logStreams: [] });
    logs.sink.put('/g', 's', [{ timestamp: 1, message: 'one' }]);
    logs.sink.put('/g', 's', [{ timestamp: 2, message: 'two' }]);
    const { events } = Object(await logs.call(call('GetLogEvents', { logGroupName: '/g', logStreamName: 's' })));
    expect(events).toMatchObject([
      { timestamp: 1, message: 'one' },
      { timestamp: 2, message: 'two' },
    ]);
  });

  it('needs a group that exists', () => {
    const { sink } = openLogs();
    expect(sink.hasGroup('/g')).toBe(false);
    expect(() => sink.put('/g', 's', [])).toThrow('The specified log group does not exist.');
  });
});
