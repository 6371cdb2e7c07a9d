import type { ChoreBook } from '../core/chores.ts';
import type { FleetStore } from '../core/fleet.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import type { RunStore } from '../core/run-store.ts';
import { systemClock } from '../service/clock.ts';
import type { CliContext } from './cli-context.ts';
import { type Connection, connect, tableOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';

export interface ConnectedStore {
  readonly store: RunStore;
  readonly connection: Connection;
}

/** The record of runs that the flags, variables and files mean. */
export async function connectStore(flags: ConnectionFlags, context: CliContext): Promise<ConnectedStore> {
  const connection = await connect(flags, context);
  return { store: await openStore(connection), connection };
}

/** The SDK is loaded here, not before: a command line with a mistake is refused at once. */
export async function openStore(connection: Connection): Promise<RunStore> {
  const table = tableOf(connection);
  const [{ createDocumentClient, createDynamoDbClient }, { DynamoRunStore }] = await Promise.all([
    import('../aws/create-dynamodb-client.ts'),
    import('../aws/dynamo-run-store.ts'),
  ]);
  const client = createDocumentClient(createDynamoDbClient(connection.aws));
  // Whether somebody wants to know of a run that is cancelled here, only the agents know.
  return new DynamoRunStore(client, table, { wantsNotice: () => true, pauses: systemClock });
}

/** What is known of runs beside their records, in the same table. */
export async function openDetails(connection: Connection): Promise<RunDetailStore> {
  const table = tableOf(connection);
  const [{ createDocumentClient, createDynamoDbClient }, { DynamoRunDetails }] = await Promise.all([
    import('../aws/create-dynamodb-client.ts'),
    import('../aws/dynamo-run-details.ts'),
  ]);
  return new DynamoRunDetails(createDocumentClient(createDynamoDbClient(connection.aws)), table);
}

/** What is known of the chores of the same table. */
export async function openChores(connection: Connection): Promise<ChoreBook> {
  const table = tableOf(connection);
  const [{ createDocumentClient, createDynamoDbClient }, { DynamoChoreBook }] = await Promise.all([
    import('../aws/create-dynamodb-client.ts'),
    import('../aws/dynamo-chore-book.ts'),
  ]);
  return new DynamoChoreBook(createDocumentClient(createDynamoDbClient(connection.aws)), table);
}

/** The agents of the same table. */
export async function openFleet(connection: Connection): Promise<FleetStore> {
  const table = tableOf(connection);
  const [{ createDocumentClient, createDynamoDbClient }, { DynamoFleetStore }] = await Promise.all([
    import('../aws/create-dynamodb-client.ts'),
    import('../aws/dynamo-fleet-store.ts'),
  ]);
  return new DynamoFleetStore(createDocumentClient(createDynamoDbClient(connection.aws)), table);
}
