import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DefinitionStore, RegisteredDefinition } from '../core/definition-store.ts';

/** Which content is registered as which task definition, beside the runs in their table. */
export class DynamoDefinitionStore implements DefinitionStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(hash: string): Promise<RegisteredDefinition | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(hash), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : fromItem(hash, Item);
  }

  async save(definition: RegisteredDefinition): Promise<RegisteredDefinition> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(definition.hash), ...definition },
          ConditionExpression: 'attribute_not_exists(PK)',
        }),
      );
      return definition;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return (await this.find(definition.hash)) ?? definition;
    }
  }

  async forget(hash: string, arn: string): Promise<void> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: keyOf(hash),
          ConditionExpression: 'arn = :arn',
          ExpressionAttributeValues: { ':arn': arn },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

function keyOf(hash: string): { PK: string; SK: string } {
  return { PK: `DEFINITION#${hash}`, SK: 'DEFINITION' };
}

function fromItem(hash: string, item: Readonly<Record<string, unknown>>): RegisteredDefinition {
  const { family, arn, registeredAt } = item;
  if (typeof family !== 'string' || typeof arn !== 'string')
    throw new Error(`definition ${hash}: its record is damaged`);
  return { hash, family, arn, registeredAt: Number(registeredAt) };
}
