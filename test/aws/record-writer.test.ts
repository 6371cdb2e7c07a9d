import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { IS_ABSENT } from '../../src/aws/conditions.ts';
import type { PauseTiming } from '../../src/aws/conflict-pause.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { RecordWriter } from '../../src/aws/record-writer.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { queuedRun } from '../fakes/runs.ts';

const META = { $metadata: {} };
const SLOTS = { taken: [{ key: 'flow/etl', limit: 1 }], freed: [] };

/** A writer whose commands get these answers, one after the other; then all go well. */
function writerOver(answers: Error[], pauses?: PauseTiming): { writer: RecordWriter; sent: object[] } {
  const sent: object[] = [];
  const send = async (command: object): Promise<object> => {
    sent.push(command);
    const error = answers.shift();
    if (error) throw error;
    return {};
  };
  const client: DynamoDBDocumentClient = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
  return { writer: new RecordWriter({ client, table: 'slipway' }, { pauses }), sent };
}

function cancelled(...codes: readonly string[]): Error {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  return new TransactionCanceledException({ message: 'cancelled', CancellationReasons, ...META });
}

describe('the writer of records', () => {
  it('recognises its own claim behind a lost answer, whatever the SDK meets when it repeats it', async () => {
    const aws = await startLocalAws({});
    const dynamodb = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
    try {
      await dynamodb.send(new CreateTableCommand(tableSchema('slipway')));
      const writer = new RecordWriter({ client: createDocumentClient(dynamodb), table: 'slipway' });
      aws.faults.add({ operation: 'dynamodb.TransactWriteItems', nth: 1, fault: { kind: 'lose-response' } });
      expect(await writer.write(queuedRun(), IS_ABSENT, SLOTS)).toEqual({ kind: 'written' });
      expect(aws.faults.counts().get('dynamodb.TransactWriteItems')).toBe(2);
    } finally {
      dynamodb.destroy();
      await aws.stop();
    }
  });

  it('sends a transaction again that met another one, under the same token', async () => {
    const { writer, sent } = writerOver([cancelled('None', 'TransactionConflict')]);
    expect(await writer.write(queuedRun(), IS_ABSENT, SLOTS)).toEqual({ kind: 'written' });
    const tokens = sent.map((command) =>
      command instanceof TransactWriteCommand ? command.input.ClientRequestToken : '',
    );
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
  });

  it('sends a plain write again that met a transaction on its record', async () => {
    const { writer, sent } = writerOver([new TransactionConflictException({ message: 'conflict', ...META })]);
    expect(await writer.write(queuedRun(), IS_ABSENT)).toEqual({ kind: 'written' });
    expect(sent).toHaveLength(2);
  });

  it('gives up on a conflict that does not end, after ever longer pauses of full jitter', async () => {
    const conflicts = Array.from({ length: 10 }, () => cancelled('None', 'TransactionConflict'));
    const pauses: number[] = [];
    const random = [0, 0.5, 0.999];
    const { writer, sent } = writerOver(conflicts, {
      sleep: async (ms) => {
        pauses.push(ms);
      },
      random: () => random.shift() ?? 0.5,
    });
    await expect(writer.write(queuedRun(), IS_ABSENT, SLOTS)).rejects.toThrow('cancelled');
    expect(sent).toHaveLength(10);
    expect(pauses).toEqual([0, 20, 79, 80, 160, 320, 640, 1_000, 1_000]);
  });

  it('lets nobody else at the same limit while it pauses', async () => {
    const released: (() => void)[] = [];
    const { writer, sent } = writerOver([cancelled('None', 'TransactionConflict')], {
      sleep: () => new Promise((resolve) => released.push(resolve)),
      random: () => 0.5,
    });
    const both = Promise.all(
      ['a', 'b'].map((runId) => writer.write(queuedRun({ runId }), IS_ABSENT, { ...SLOTS, taken: [...SLOTS.taken] })),
    );
    await expect.poll(() => released.length).toBe(1);
    expect(sent).toHaveLength(1);
    released[0]?.();
    await both;
    expect(sent).toHaveLength(3);
  });

  it('asks once for a crowd that waits for the same full limit, and again for who comes later', async () => {
    const full = cancelled('None', 'ConditionalCheckFailed');
    const { writer, sent } = writerOver([full, full]);
    const crowd = await Promise.all(
      ['a', 'b', 'c'].map((runId) => writer.write(queuedRun({ runId }), IS_ABSENT, SLOTS)),
    );
    expect(crowd.map(({ kind }) => kind)).toEqual(['full', 'full', 'full']);
    expect(sent).toHaveLength(1);
    expect((await writer.write(queuedRun({ runId: 'd' }), IS_ABSENT, SLOTS)).kind).toBe('full');
    expect(sent).toHaveLength(2);
  });

  it('says of a record that is gone that it is gone', async () => {
    const { writer } = writerOver([new ConditionalCheckFailedException({ message: 'no', ...META })]);
    await expect(writer.write(queuedRun(), IS_ABSENT)).rejects.toThrow('run run-1 is no longer on record');
  });
});
