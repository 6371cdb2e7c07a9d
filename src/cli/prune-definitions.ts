import { connectAws } from '../agent/connect-aws.ts';
import { createEcsClient } from '../aws/create-ecs-client.ts';
import { TaskDefinitionShelf } from '../aws/task-definition-shelf.ts';
import { planPrune } from '../runs/prune-definitions.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader } from './config-reader.ts';
import { configInUse } from './config-ref.ts';
import { type Connection, connect, tableOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { usageError } from './user-error.ts';

export interface PruneFlags extends ConnectionFlags {
  readonly keep: number;
  readonly prefix?: string | undefined;
  readonly dryRun: boolean;
  readonly output: string;
}

const DEFAULT_PREFIX = 'slipway';

/** ECS refills Register and Deregister by one a second, together (ECS developer guide, "Request throttling"). */
const PAUSE_MS = 1_100;

/** Deregisters old revisions of our families: never the newest ones, and never one that a run in flight was launched from. */
export async function pruneDefinitions(flags: PruneFlags, context: CliContext): Promise<void> {
  const { keep, dryRun, output } = flags;
  if (!Number.isInteger(keep) || keep < 1) throw usageError(`--keep takes a whole number from 1 on, not "${keep}"`);
  const connection = await connect(flags, context);
  const prefix = flags.prefix ?? (await configuredPrefix(flags, connection, context));
  const shelf = new TaskDefinitionShelf(createEcsClient(connection.aws));
  const store = connectAws(connection.aws).runs(tableOf(connection));
  const { unused, inUse } = await planPrune({ shelf, store }, { prefix, keep }, context.terminal.gone);
  const say = (arn: string): void => {
    if (output !== 'json')
      context.terminal.data(`${dryRun ? 'would be deregistered' : 'deregistered'}  ${nameOf(arn)}`);
  };
  if (dryRun) unused.forEach(say);
  else await deregisterAll(shelf, unused, say, context);
  tellOutcome({ dryRun, pruned: unused, inUse }, output, context);
}

/** Families of another installation may bear the usual prefix: where there is an agent.yaml, its word counts. */
async function configuredPrefix(flags: PruneFlags, { aws }: Connection, context: CliContext): Promise<string> {
  const configRef = configInUse(flags, context);
  if (configRef === undefined) return DEFAULT_PREFIX;
  const agent = await new ConfigReader(aws).agent({ configRef, settings: agentSettings({}, context.env) });
  return agent.ecs.familyPrefix ?? DEFAULT_PREFIX;
}

async function deregisterAll(
  shelf: TaskDefinitionShelf,
  arns: readonly string[],
  say: (arn: string) => void,
  { clock, terminal }: CliContext,
): Promise<void> {
  for (const [index, arn] of arns.entries()) {
    if (index > 0) await clock.sleep(PAUSE_MS, terminal.gone);
    await shelf.deregister(arn, terminal.gone);
    say(arn);
  }
}

interface PruneOutcome {
  readonly dryRun: boolean;
  readonly pruned: readonly string[];
  readonly inUse: number;
}

function tellOutcome(outcome: PruneOutcome, output: string, { terminal }: CliContext): void {
  const { pruned, inUse } = outcome;
  if (output === 'json') terminal.data(JSON.stringify(outcome, null, 2));
  else terminal.say(`${pruned.length} revisions; ${inUse} older ones are in use`);
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
