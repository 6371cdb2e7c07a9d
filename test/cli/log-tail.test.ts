import { describe, expect, it } from 'vitest';
import { logSourceOf } from '../../src/cli/log-source.ts';
import { LogTail } from '../../src/cli/log-tail.ts';
import { waitingWords } from '../../src/cli/waiting-words.ts';
import type { LogPage, LogReader } from '../../src/core/log-reader.ts';
import { err, ok } from '../../src/core/result.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';

const source = (taskArn: string) => ({ taskArn, taskDefinition: 'td:1', container: 'flow' });

/** A stream that is written to while it is read; the cursor counts the pages that were read. */
class PagedLog implements LogReader {
  readonly pages: string[][] = [];

  async read(_group: string, _stream: string, cursor: string | undefined): Promise<LogPage> {
    const next = Number(cursor ?? 0);
    const lines = (this.pages[next] ?? []).map((message, at) => ({ at, message }));
    return { lines, cursor: String(Math.min(next + 1, this.pages.length)) };
  }
}

describe('the output of a run', () => {
  it('is read to its end over empty pages, and from there on the next time', async () => {
    const log = new PagedLog();
    const tail = new LogTail({ locate: async () => ok({ group: 'g', stream: 's' }), reader: () => log });
    const read = async () => (await tail.read(source('task/1'))).map(({ message }) => message);
    log.pages.push(['a', 'b'], [], ['c']);
    expect(await read()).toEqual(['a', 'b', 'c']);
    expect(await read()).toEqual([]);
    log.pages.push(['d']);
    expect(await read()).toEqual(['d']);
  });

  it('begins anew with the task of the next attempt', async () => {
    const located: string[] = [];
    const log = new PagedLog();
    log.pages.push(['line']);
    const tail = new LogTail({
      locate: async ({ taskArn }) => {
        located.push(taskArn);
        return ok({ group: 'g', stream: taskArn });
      },
      reader: () => log,
    });
    for (const task of ['task/1', 'task/1', 'task/2']) await tail.read(source(task));
    expect(located).toEqual(['task/1', 'task/2']);
  });

  it('says why a container has none', async () => {
    const tail = new LogTail({ locate: async () => err('it logs through splunk'), reader: () => new PagedLog() });
    expect(await tail.read(source('task/1'))).toEqual([]);
    expect(tail.obstacle).toBe('it logs through splunk');
  });

  it('is found by the task of the attempt that is asked for', () => {
    const reason = { code: 'SPOT_INTERRUPTION', message: 'gone' } as const;
    const ended = {
      container: 'flow',
      attempt: 1,
      status: 'CRASHED',
      taskArn: 'task/1',
      taskDefinition: 'td:1',
      finishedAt: 1,
      reason,
    } as const;
    const run = queuedRun({ attempt: 2, attempts: [ended] });
    expect(logSourceOf(run)).toBeUndefined();
    expect(logSourceOf(run, 1)).toEqual(source('task/1'));
  });
});

describe('what a run waits for', () => {
  const words = (run: Parameters<typeof waitingWords>[0]) => waitingWords(run, 'https://sqs/q', 1_000);

  it('is an agent, as long as nobody has taken the request', () => {
    expect(words(undefined)).toContain('no agent has taken the request from https://sqs/q');
  });

  it('is what the last launch met, in the words of ECS', () => {
    const waiting = { code: 'NOT_PLACED', message: 'no room', evidence: 'Capacity is unavailable' } as const;
    expect(words(queuedRun({ waiting }))).toBe('waits: NOT_PLACED no room (Capacity is unavailable)');
  });

  it('is its own moment, or an agent with its labels', () => {
    expect(words(queuedRun({ notBefore: 2_000 }))).toContain('not to start before');
    expect(words(queuedRun({ request: runRequest({ labels: ['gpu'] }) }))).toContain('the labels gpu');
  });
});
