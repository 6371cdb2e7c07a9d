import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsCommandInput,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type LogsBench, type LogsCase, newGroupName } from './logs-bench.ts';

async function streamNames({ client }: LogsBench, input: DescribeLogStreamsCommandInput): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new DescribeLogStreamsCommand({ ...input, ...(nextToken ? { nextToken } : {}) }));
    names.push(...(page.logStreams ?? []).map(({ logStreamName = '' }) => logStreamName));
    nextToken = page.nextToken;
  } while (nextToken);
  return names;
}

export const groupCases: readonly LogsCase[] = [
  {
    title: 'a group that was made is described, with its ARN',
    async run(bench) {
      const name = await bench.group();
      const { logGroups } = await bench.client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      expect(logGroups).toMatchObject([{ logGroupName: name, creationTime: expect.any(Number) }]);
      expect(logGroups?.[0]?.arn).toMatch(new RegExp(`^arn:aws:logs:us-east-1:\\d{12}:log-group:${name}:\\*$`));
    },
  },
  {
    title: 'groups are described page by page',
    async run({ client }) {
      const prefix = newGroupName();
      for (const n of [1, 2, 3]) await client.send(new CreateLogGroupCommand({ logGroupName: `${prefix}/${n}` }));
      const first = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix, limit: 2 }));
      expect(first.logGroups).toHaveLength(2);
      const more = { logGroupNamePrefix: prefix, limit: 2, nextToken: first.nextToken ?? '' };
      const second = await client.send(new DescribeLogGroupsCommand(more));
      expect(second.logGroups).toMatchObject([{ logGroupName: `${prefix}/3` }]);
      expect(second.nextToken).toBeUndefined();
    },
  },
  {
    title: 'making a group or a stream again is ResourceAlreadyExistsException',
    async run(bench) {
      const name = await bench.stream();
      await expect(bench.client.send(new CreateLogGroupCommand(name))).rejects.toBeInstanceOf(
        ResourceAlreadyExistsException,
      );
      await expect(bench.client.send(new CreateLogStreamCommand(name))).rejects.toBeInstanceOf(
        ResourceAlreadyExistsException,
      );
    },
  },
  {
    title: 'a group that does not exist is ResourceNotFoundException',
    async run(bench) {
      const name = { logGroupName: newGroupName(), logStreamName: 's' };
      await expect(bench.client.send(new CreateLogStreamCommand(name))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      );
      await expect(bench.client.send(new DeleteLogGroupCommand(name))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      );
      await expect(bench.put(name, ['x'])).rejects.toBeInstanceOf(ResourceNotFoundException);
    },
  },
  {
    title: 'a stream that does not exist is ResourceNotFoundException',
    async run(bench) {
      const name = { logGroupName: await bench.group(), logStreamName: 'missing' };
      await expect(bench.put(name, ['x'])).rejects.toBeInstanceOf(ResourceNotFoundException);
      await expect(bench.get(name)).rejects.toBeInstanceOf(ResourceNotFoundException);
    },
  },
  {
    title: 'a deleted group is gone with its streams',
    async run(bench) {
      const name = await bench.stream();
      await bench.client.send(new DeleteLogGroupCommand({ logGroupName: name.logGroupName }));
      await bench.client.send(new CreateLogGroupCommand({ logGroupName: name.logGroupName }));
      expect(await streamNames(bench, { logGroupName: name.logGroupName })).toEqual([]);
    },
  },
  {
    title: 'a deleted stream is gone with its events',
    async run(bench) {
      const name = await bench.stream();
      await bench.put(name, ['x']);
      await bench.client.send(new DeleteLogStreamCommand(name));
      await bench.client.send(new CreateLogStreamCommand(name));
      expect((await bench.get(name)).messages).toEqual([]);
    },
  },
  {
    title: 'a retention is told, and one that is not on the list is refused',
    async run(bench) {
      const logGroupName = await bench.group();
      await bench.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
      const described = await bench.client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
      expect(described.logGroups).toMatchObject([{ retentionInDays: 14 }]);
      const odd = bench.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 }));
      await expect(odd).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  },
  {
    title: 'streams are described by prefix and page by page, in the order of their names',
    async run(bench) {
      const logGroupName = await bench.group();
      for (const name of ['b/2', 'a/1', 'b/1', 'b/3']) await bench.stream(logGroupName, name);
      const input = { logGroupName, logStreamNamePrefix: 'b/', limit: 2 };
      expect(await streamNames(bench, input)).toEqual(['b/1', 'b/2', 'b/3']);
      expect(await streamNames(bench, { ...input, descending: true })).toEqual(['b/3', 'b/2', 'b/1']);
    },
  },
  {
    title: 'streams can be described by the time of their last event, which they tell',
    async run(bench) {
      const logGroupName = await bench.group();
      const old = await bench.stream(logGroupName, 'a');
      const recent = await bench.stream(logGroupName, 'b');
      await bench.put(recent, ['x'], 2000);
      await bench.put(old, ['x'], 1000);
      const input = { logGroupName, orderBy: 'LastEventTime', descending: true } as const;
      expect(await streamNames(bench, input)).toEqual(['b', 'a']);
      const { logStreams } = await bench.client.send(new DescribeLogStreamsCommand(input));
      expect(logStreams?.[0]).toMatchObject({
        lastEventTimestamp: bench.startedAt + 2000,
        firstEventTimestamp: bench.startedAt + 2000,
      });
    },
  },
  {
    title: 'the order by last event and a prefix cannot be asked for together',
    async run(bench) {
      const logGroupName = await bench.group();
      const input = { logGroupName, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' } as const;
      await expect(streamNames(bench, input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  },
];
