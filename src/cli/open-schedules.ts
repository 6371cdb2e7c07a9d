import { didYouMean } from '../core/did-you-mean.ts';
import { formatFault } from '../core/fault.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import type { ScheduleState } from '../core/schedules/schedule-state.ts';
import type { ScheduleStore } from '../core/schedules/schedule-store.ts';
import type { CliContext } from './cli-context.ts';
import { type Connection, connect, tableOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { type OpenedWorkspace, openWorkspace } from './open-launch.ts';
import { UserError } from './user-error.ts';

export interface ScheduleFlags extends ConnectionFlags {
  readonly flows?: string | undefined;
}

/** The schedules as the files say them, and the record of what has become of them. */
export interface OpenedSchedules extends OpenedWorkspace {
  readonly connection: Connection;
  readonly schedules: readonly Schedule[];
  readonly store: ScheduleStore;
  readonly runs: RunStore;
}

/** Reads the flows, and connects to the table. */
export async function openSchedules(flags: ScheduleFlags, context: CliContext): Promise<OpenedSchedules> {
  const connection = await connect(flags, context);
  const opened = await openWorkspace(flags, context, connection);
  for (const fault of opened.workspace.flowFaults) context.terminal.say(`left out: ${formatFault(fault)}`);
  const [{ createDocumentClient, createDynamoDbClient }, { DynamoRunStore }, { DynamoScheduleStore }] =
    await Promise.all([
      import('../aws/create-dynamodb-client.ts'),
      import('../aws/dynamo-run-store.ts'),
      import('../aws/dynamo-schedule-store.ts'),
    ]);
  const table = tableOf({ ...connection, table: connection.table ?? opened.workspace.agent.table });
  const documents = createDocumentClient(createDynamoDbClient(connection.aws));
  return {
    ...opened,
    connection,
    schedules: schedulesOf(opened),
    store: new DynamoScheduleStore(documents, table, context.clock),
    runs: new DynamoRunStore(documents, table, { pauses: context.clock }),
  };
}

/** Every schedule of every flow. */
export function schedulesOf({ workspace }: OpenedWorkspace): readonly Schedule[] {
  return [...workspace.flows.values()].flatMap((flow) => flow.schedules);
}

/** The schedule that a person means: by its id, or by a flow or a name that only one has. */
export function findSchedule(schedules: readonly Schedule[], word: string): Schedule {
  const found = schedules.filter(({ id }) => id === word);
  const near = found.length > 0 ? found : schedules.filter(({ flow, name }) => flow === word || name === word);
  const [only] = near;
  if (only !== undefined && near.length === 1) return only;
  const ids = schedules.map(({ id }) => id);
  if (near.length > 1) {
    const next = `one of ${near.map(({ id }) => id).join(', ')}`;
    throw new UserError(`"${word}" means several schedules`, { exitCode: EXIT.usage, next });
  }
  const guess = didYouMean(word, ids);
  throw new UserError(`there is no schedule "${word}"${guess === undefined ? '' : `; did you mean "${guess}"?`}`, {
    exitCode: EXIT.notFound,
    next: 'slipway schedules ls',
  });
}

/** The states of those schedules, as far as there are any. */
export function statesOf(
  store: ScheduleStore,
  schedules: readonly Schedule[],
): Promise<ReadonlyMap<string, ScheduleState>> {
  return store.getMany(schedules.map(({ id }) => id));
}
