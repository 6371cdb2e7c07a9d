import { PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import type { LogsCase } from './logs-bench.ts';

const DAY_MS = 24 * 3_600_000;
const LETTERS = ['a', 'b', 'c', 'd', 'e'];

export const eventCases: readonly LogsCase[] = [
  {
    title: 'events come out as they went in, with the time of their arrival',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, ['first', 'zweiter\tgrün']);
      const { events } = await bench.get(name, { startFromHead: true });
      expect(events).toMatchObject([
        { message: 'first', timestamp: bench.startedAt },
        { message: 'zweiter\tgrün', timestamp: bench.startedAt + 1 },
      ]);
      expect(events[0]?.ingestionTime).toBeGreaterThan(bench.startedAt);
    },
  },
  {
    title: 'events of a later call with earlier times are read in the order of time',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, ['late'], 1000);
      await bench.put(name, ['early']);
      expect((await bench.get(name, { startFromHead: true })).messages).toEqual(['early', 'late']);
    },
  },
  {
    title: 'a batch whose events are not in the order of time is refused',
    async run(bench) {
      const name = await bench.stream();
      const logEvents = [
        { message: 'b', timestamp: bench.startedAt + 1 },
        { message: 'a', timestamp: bench.startedAt },
      ];
      await expect(bench.client.send(new PutLogEventsCommand({ ...name, logEvents }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
      expect((await bench.get(name)).messages).toEqual([]);
    },
  },
  {
    title: 'a batch that spans more than a day is refused',
    async run(bench) {
      const name = await bench.stream();
      const logEvents = [
        { message: 'a', timestamp: bench.startedAt - 2 * DAY_MS },
        { message: 'b', timestamp: bench.startedAt },
      ];
      await expect(bench.client.send(new PutLogEventsCommand({ ...name, logEvents }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    },
  },
  {
    title: 'events from too far in the past are left out, and the answer says which',
    async run(bench) {
      const name = await bench.stream();
      const logEvents = [{ message: 'old', timestamp: bench.startedAt - 15 * DAY_MS }];
      const answer = await bench.client.send(new PutLogEventsCommand({ ...name, logEvents }));
      expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    },
  },
  {
    title: 'events from too far in the future are left out, and the answer says which',
    async run(bench) {
      const name = await bench.stream();
      const logEvents = [
        { message: 'now', timestamp: bench.startedAt },
        { message: 'future', timestamp: bench.startedAt + DAY_MS / 2 },
      ];
      const answer = await bench.client.send(new PutLogEventsCommand({ ...name, logEvents }));
      expect(answer.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
      expect((await bench.get(name, { startFromHead: true })).messages).toEqual(['now']);
    },
  },
  {
    title: 'a batch of more than a mebibyte is refused',
    async run(bench) {
      const name = await bench.stream();
      const half = 'k'.repeat(600_000);
      await expect(bench.put(name, [half, half])).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  },
  {
    title: 'a stream is read forwards page by page, until the token comes back as it was given',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, LETTERS);
      const pages: string[][] = [];
      let token: string | undefined;
      for (;;) {
        const page = await bench.get(name, { startFromHead: true, limit: 2, ...(token ? { nextToken: token } : {}) });
        if (page.nextForwardToken === token) break;
        pages.push(page.messages);
        token = page.nextForwardToken;
      }
      expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    },
  },
  {
    title: 'the token at the end gives the events that come later',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, ['a']);
      const { nextForwardToken: nextToken } = await bench.get(name, { startFromHead: true });
      expect((await bench.get(name, { startFromHead: true, nextToken })).messages).toEqual([]);
      await bench.put(name, ['b'], 1000);
      expect((await bench.get(name, { startFromHead: true, nextToken })).messages).toEqual(['b']);
    },
  },
  {
    title: 'an empty stream has tokens, with which its first events are read',
    async run(bench) {
      const name = await bench.stream();
      const { messages, nextForwardToken: nextToken } = await bench.get(name, { startFromHead: true });
      expect(messages).toEqual([]);
      await bench.put(name, ['a']);
      expect((await bench.get(name, { startFromHead: true, nextToken })).messages).toEqual(['a']);
    },
  },
  {
    title: 'without startFromHead the last events come first, and the backward token leads to the beginning',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, LETTERS);
      const last = await bench.get(name, { limit: 2 });
      expect(last.messages).toEqual(['d', 'e']);
      const before = await bench.get(name, { limit: 2, nextToken: last.nextBackwardToken });
      expect(before.messages).toEqual(['b', 'c']);
      const first = await bench.get(name, { limit: 2, nextToken: before.nextBackwardToken });
      expect(first.messages).toEqual(['a']);
      const end = await bench.get(name, { limit: 2, nextToken: first.nextBackwardToken });
      expect(end).toMatchObject({ messages: [], nextBackwardToken: first.nextBackwardToken });
    },
  },
  {
    title: 'a time range includes its start and not its end',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, LETTERS);
      const range = { startTime: bench.startedAt + 1, endTime: bench.startedAt + 3 };
      expect((await bench.get(name, { startFromHead: true, ...range })).messages).toEqual(['b', 'c']);
    },
  },
  {
    title: 'a page has at most a mebibyte, however high its limit',
    async run(bench) {
      const name = await bench.stream();
      for (const n of [0, 1, 2]) await bench.put(name, [`${n}${'k'.repeat(500_000)}`], n);
      const page = await bench.get(name, { startFromHead: true });
      expect(page.messages.map((message) => message[0])).toEqual(['0', '1']);
      const next = await bench.get(name, { startFromHead: true, nextToken: page.nextForwardToken });
      expect(next.messages.map((message) => message[0])).toEqual(['2']);
    },
  },
  {
    title: 'a token that is none is refused',
    async run(bench) {
      const name = await bench.stream();
      await expect(bench.get(name, { nextToken: 'nonsense' })).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    },
  },
];
