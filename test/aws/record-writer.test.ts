import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { IS_ABSENT } from '../../src/aws/conditions.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { RecordWriter } from '../../src/aws/record-writer.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { queuedRun } from '../fakes/runs.ts';

const META = { $metadata: {} };
const SLOTS = { taken: [{ key: 'flow/etl', limit: 1 }], freed: [] };

/** A writer whose commands get these answers, one after the other; then all go well. */
function writerOver(answers: Error[]): { writer: RecordWriter; sent: object[] } {
  const sent: object[] = [];
  const send = async (command: object): Promise<object> => {
    sent.push(command);
    const error = answers.shift();
    if (error) throw error;
    return {};
  };
  const client: DynamoDBDocumentClient = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
  return { writer: new RecordWriter({ client, table: 'slipway' }), sent };
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

  it('gives up on a conflict that does not end', async () => {
    const { writer } = writerOver(Array.from({ length: 10 }, () => cancelled('None', 'TransactionConflict')));
    await expect(writer.write(queuedRun(), IS_ABSENT, SLOTS)).rejects.toThrow('cancelled');
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
