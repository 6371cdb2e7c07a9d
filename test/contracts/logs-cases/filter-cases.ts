import { FilterLogEventsCommand, type FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import type { LogsBench, LogsCase } from './logs-bench.ts';

async function filter({ client }: LogsBench, input: FilterLogEventsCommandInput): Promise<string[]> {
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new FilterLogEventsCommand({ ...input, ...(nextToken ? { nextToken } : {}) }));
    messages.push(...(page.events ?? []).map(({ message = '' }) => message));
    nextToken = page.nextToken;
  } while (nextToken);
  return messages;
}

async function twoStreams(bench: LogsBench): Promise<string> {
  const logGroupName = await bench.group();
  await bench.put(await bench.stream(logGroupName, 'a/1'), ['ERROR one', 'fine'], 0);
  await bench.put(await bench.stream(logGroupName, 'b/1'), ['ERROR two late', 'WARN three'], 10);
  return logGroupName;
}

export const filterCases: readonly LogsCase[] = [
  {
    title: 'a filter without a pattern gives the events of all streams in the order of time',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      expect(await filter(bench, { logGroupName })).toEqual(['ERROR one', 'fine', 'ERROR two late', 'WARN three']);
    },
  },
  {
    title: 'a filter tells stream, times and id of each event',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      const { events } = await bench.client.send(new FilterLogEventsCommand({ logGroupName, limit: 1 }));
      expect(events).toMatchObject([
        {
          logStreamName: 'a/1',
          timestamp: bench.startedAt,
          ingestionTime: expect.any(Number),
          eventId: expect.any(String),
        },
      ]);
    },
  },
  {
    title: 'a filter goes on page by page until there is no token',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      const first = await bench.client.send(new FilterLogEventsCommand({ logGroupName, limit: 3 }));
      expect(first.events).toHaveLength(3);
      expect(first.nextToken).toBeTruthy();
      expect(await filter(bench, { logGroupName, limit: 3 })).toHaveLength(4);
    },
  },
  {
    title: 'a filter can be kept to some streams by name or by prefix',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      expect(await filter(bench, { logGroupName, logStreamNames: ['b/1'] })).toEqual(['ERROR two late', 'WARN three']);
      expect(await filter(bench, { logGroupName, logStreamNamePrefix: 'a/' })).toEqual(['ERROR one', 'fine']);
    },
  },
  {
    title: 'a filter can be kept to a range of time, start and end included',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      const range = { startTime: bench.startedAt + 1, endTime: bench.startedAt + 10 };
      expect(await filter(bench, { logGroupName, ...range })).toEqual(['fine', 'ERROR two late']);
    },
  },
  {
    title: 'a term keeps the events that have it, two terms those that have both',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      expect(await filter(bench, { logGroupName, filterPattern: 'ERROR' })).toEqual(['ERROR one', 'ERROR two late']);
      expect(await filter(bench, { logGroupName, filterPattern: 'ERROR late' })).toEqual(['ERROR two late']);
    },
  },
  {
    title: 'a phrase in quotes is looked for as it stands',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      expect(await filter(bench, { logGroupName, filterPattern: '"two late"' })).toEqual(['ERROR two late']);
      expect(await filter(bench, { logGroupName, filterPattern: '"late two"' })).toEqual([]);
    },
  },
  {
    title: 'optional terms keep the events that have one of them',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      expect(await filter(bench, { logGroupName, filterPattern: '?fine ?WARN' })).toEqual(['fine', 'WARN three']);
    },
  },
  {
    title: 'a term with a minus drops the events that have it',
    async run(bench) {
      const logGroupName = await twoStreams(bench);
      expect(await filter(bench, { logGroupName, filterPattern: 'ERROR -late' })).toEqual(['ERROR one']);
    },
  },
];
