import { describe, expect, it } from 'vitest';
import type { LogPage, LogReader } from '../../src/core/log-reader.ts';
import { collectPipes } from '../../src/runs/collect-pipes.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';

const location = { group: 'g', stream: 'flow/flow/1' };
const never = new AbortController().signal;

function line(method: string, params: object = {}): string {
  return JSON.stringify({ __dagster_pipes_version: '0.1', method, params });
}

/** A stream that shows its lines page by page; an empty page is a moment at which nothing new has come. */
class Stream implements LogReader {
  readonly asked: string[] = [];
  readonly #pages: readonly (readonly string[])[];

  constructor(...pages: readonly (readonly string[])[]) {
    this.#pages = pages;
  }

  async read(group: string, stream: string, cursor = '0'): Promise<LogPage> {
    this.asked.push(`${group} ${stream} ${cursor}`);
    const lines = (this.#pages[Number(cursor)] ?? []).map((message, index) => ({ at: 1_000 + index, message }));
    return { lines, cursor: String(Math.min(Number(cursor) + 1, this.#pages.length)) };
  }
}

async function collect(logs: Stream) {
  const details = new MemoryRunDetails();
  let now = 0;
  const sleeps: number[] = [];
  const sleep = async (ms: number) => {
    now += ms;
    sleeps.push(ms);
  };
  const deps = { logs, details, monotonic: () => now, sleep };
  const count = await collectPipes(deps, { runId: 'r', attempt: 2, location }, never);
  const again = await collectPipes({ ...deps, logs: new Stream() }, { runId: 'r', attempt: 2, location }, never);
  const { reports } = await details.reports('r', 100);
  return { count, again, reports, sleeps };
}

describe('collecting messages from the output of an ended container', () => {
  it('records them in their order, and leaves the rest of the output alone', async () => {
    const stream = new Stream(
      ['starting', line('opened'), '{"level":"info"}'],
      [line('log', { message: 'a' })],
      [line('closed')],
    );
    const { count, reports } = await collect(stream);
    expect(count).toBe(3);
    expect(reports.map(({ attempt, number, method }) => [attempt, number, method])).toEqual([
      [2, 1, 'opened'],
      [2, 2, 'log'],
      [2, 3, 'closed'],
    ]);
  });

  it('asks no more than once after the last word', async () => {
    const stream = new Stream([line('closed')]);
    expect((await collect(stream)).sleeps.slice(0, 1)).not.toEqual([]);
    expect(stream.asked).toHaveLength(2);
  });

  it('waits, more and more seldom, for what comes late, and ends when nothing does', async () => {
    const stream = new Stream([line('opened')], [], [], [line('log')], [], []);
    const { count } = await collect(stream);
    expect(count).toBe(2);
    expect(stream.asked.length).toBeLessThan(14);
  });

  it('puts a message together that the log has cut', async () => {
    const whole = line('report_custom_message', { payload: 'x'.repeat(1_000) });
    const { reports } = await collect(new Stream([whole.slice(0, 600)], [whole.slice(600), line('closed')]));
    expect(reports.map(({ method }) => method)).toEqual(['report_custom_message', 'closed']);
  });

  it('is not misled by the beginning of a message that has no end', async () => {
    const { reports } = await collect(new Stream([line('opened').slice(0, 40), 'noise', line('log'), line('closed')]));
    expect(reports.map(({ method }) => method)).toEqual(['log', 'closed']);
  });
});
