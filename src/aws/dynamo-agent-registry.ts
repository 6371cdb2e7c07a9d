import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AgentRegistry, AgentRow } from '../core/agent-registry.ts';

const AGENTS = 'AGENTS';

/** A row that nobody has written for so long goes, by the table's time to live. Seconds. */
const KEPT_SECONDS = 86_400;

/** Agents beside the runs in their table: one small row for each process. */
export class DynamoAgentRegistry implements AgentRegistry {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async beat(row: AgentRow): Promise<void> {
    const ttl = Math.ceil(row.seenAt / 1000) + KEPT_SECONDS;
    const Item = { PK: AGENTS, SK: `AGENT#${row.name}#${row.instance}`, ttl, ...row };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async list(): Promise<readonly AgentRow[]> {
    const rows: AgentRow[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'PK = :agents',
          ExpressionAttributeValues: { ':agents': AGENTS },
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      rows.push(...Items.map(fromItem));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return rows;
  }
}

function fromItem({ PK: _pk, SK: _sk, ttl: _ttl, ...row }: Record<string, unknown>): AgentRow {
  return row as unknown as AgentRow;
}
