import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../../src/service/log.ts';
import { createFlowLog } from '../../src/worker/flow-log.ts';
import { hastyClock } from './fixtures.ts';

function logOf(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createFlowLog({ level, clock: hastyClock(), ids: { runId: 'run-1' }, write: (line) => lines.push(line) });
  return { log, lines, read: () => lines.map((line) => JSON.parse(line)) };
}

describe("a flow's log", () => {
  it('leaves out what is below its level', () => {
    const { log, read } = logOf('warn');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
    expect(read().map(({ level }) => level)).toEqual(['warn', 'error']);
    const silent = logOf('silent');
    silent.log.error('x');
    expect(silent.lines).toEqual([]);
  });

  it('keeps its own fields, whatever the flow calls its', () => {
    const { log, read } = logOf();
    log.info('loaded', { runId: 'other', level: 'error', event: 'x', rows: 1 });
    expect(read()[0]).toMatchObject({ runId: 'run-1', level: 'info', event: 'loaded', rows: 1 });
  });

  it('writes one line, and never throws, whatever is thrown into it', () => {
    const { log, lines, read } = logOf();
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    log.info('odd\nevent', { big: 10n ** 20n, error: new RangeError('bad'), nothing: undefined, text: 'a\nb' });
    log.warn('circle', circle);
    log.warn('hostile', {
      get value() {
        throw new Error('getter');
      },
    });
    for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(read()).toMatchObject([
      { big: '100000000000000000000', error: { name: 'RangeError', message: 'bad' } },
      { event: 'circle', unsayable: expect.stringContaining('circular') },
      { event: 'hostile', unsayable: 'Error: getter' },
    ]);
  });
});
