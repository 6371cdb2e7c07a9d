import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { BegunChore, ChoreBook, ChoreName, ChoreRecord } from '../core/chores.ts';
import type { Condition } from './conditions.ts';

const PARTITION = 'CHORES';

type Item = Readonly<Record<string, unknown>>;

/** Chores beside the runs in their table: one item for each chore and part. */
export class DynamoChoreBook implements ChoreBook {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async begin(record: ChoreRecord): Promise<BegunChore | undefined> {
    const nonce = randomUUID();
    const inTheWay = await this.#put(record, nonce, isBefore(record.beat));
    // The SDK repeats a write whose answer was lost, and meets its own.
    if (inTheWay !== undefined && inTheWay.nonce !== nonce) return undefined;
    return {
      end: async (ending) => {
        await this.#put({ ...record, ...ending }, nonce, isOf(nonce));
      },
      giveBack: async () => {
        await this.#put({ ...record, beat: record.beat - 1 }, nonce, isOf(nonce));
      },
    };
  }

  async read(): Promise<readonly ChoreRecord[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'PK = :partition',
        ExpressionAttributeValues: { ':partition': PARTITION },
        ConsistentRead: true,
      }),
    );
    return Items.map(recordOf);
  }

  /** Resolves to the item that stood in the way. */
  async #put(record: ChoreRecord, nonce: string, condition: Condition): Promise<Item | undefined> {
    const Item = { PK: PARTITION, SK: `${record.chore}#${record.part}`, nonce, ...record };
    const input = {
      TableName: this.#table,
      Item,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...condition,
    } as const;
    try {
      await this.#client.send(new PutCommand(input));
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item === undefined ? {} : unmarshall(error.Item);
    }
  }
}

/** Nobody has begun it for this beat or a later one. */
function isBefore(beat: number): Condition {
  return {
    ConditionExpression: 'attribute_not_exists(PK) OR #beat < :beat',
    ExpressionAttributeNames: { '#beat': 'beat' },
    ExpressionAttributeValues: { ':beat': beat },
  };
}

/** Nobody has begun it since. */
function isOf(nonce: string): Condition {
  return {
    ConditionExpression: '#nonce = :nonce',
    ExpressionAttributeNames: { '#nonce': 'nonce' },
    ExpressionAttributeValues: { ':nonce': nonce },
  };
}

function recordOf({ PK: _pk, SK: _sk, nonce: _nonce, ...item }: Item): ChoreRecord {
  const { endedAt, outcome, words } = item;
  return {
    chore: item.chore as ChoreName,
    part: String(item.part),
    beat: Number(item.beat),
    by: String(item.by),
    beganAt: Number(item.beganAt),
    ...(endedAt === undefined ? {} : { endedAt: Number(endedAt) }),
    ...(outcome === 'done' || outcome === 'failed' ? { outcome } : {}),
    ...(words === undefined ? {} : { words: String(words) }),
  };
}
