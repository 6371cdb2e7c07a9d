import { canonicalJson } from '../core/canonical-json.ts';
import type { JsonMap } from '../core/json.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import type { FlowRun, Intent } from '../core/run.ts';
import { comparableDefinition } from '../templates/comparable-definition.ts';
import { type Difference, differences } from '../templates/differences.ts';
import { planRun } from '../templates/plan-run.ts';
import type { CliContext } from './cli-context.ts';
import { openStore } from './connected-store.ts';
import { type Connection, connect } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { differenceText } from './difference-text.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { type OpenedLaunch, openLaunch, openWorkspace, replayRun } from './open-launch.ts';
import type { RequestFlags } from './read-request.ts';
import { UserError, usageError } from './user-error.ts';

export interface DiffFlags extends RequestFlags, ConnectionFlags {
  readonly against: string;
  readonly output: string;
}

/** What `slipway diff -o json` prints. */
export interface LaunchDifference {
  readonly flow: string;
  /** The revision, or the run; null where there is nothing to compare with yet. */
  readonly against: string | null;
  readonly differences: readonly Difference[];
}

/** Prints what would be sent now and was not before. Different or not, the exit code is 0. */
export async function diffLaunch(flags: DiffFlags, context: CliContext): Promise<number> {
  const connection = await connect(flags, context);
  const found =
    flags.against === 'registered'
      ? await againstRegistered(flags, connection, context)
      : await againstRun(flags, runRefOf(flags), connection, context);
  const { terminal } = context;
  terminal.data(flags.output === 'json' ? JSON.stringify(found, null, 2) : differenceText(found, terminal.dataStyle));
  return EXIT.ok;
}

function runRefOf({ against, flow }: DiffFlags): string {
  if (against === 'last') return `${flow}@last`;
  const ref = /^run:(.+)$/.exec(against)?.[1];
  if (ref === undefined)
    throw usageError(`--against takes registered, last or run:ID, not "${against}"`, 'slipway diff --help');
  return ref;
}

async function againstRegistered(
  flags: DiffFlags,
  connection: Connection,
  context: CliContext,
): Promise<LaunchDifference> {
  const opened = await openLaunch(flags, context, await openWorkspace(flags, context, connection));
  const { definition } = planOf(opened);
  const { flow } = flags;
  if (definition.kind === 'named') {
    const message = `nothing is registered for ${flow}: it runs as ${definition.taskDefinition}, which exists already`;
    throw new UserError(message, { exitCode: EXIT.notFound, next: `slipway diff ${flow} --against last` });
  }
  const before = await readDefinition(connection, definition.family);
  return {
    flow,
    against: before === undefined ? null : shortArn(before.arn),
    differences: differences(
      comparableDefinition(before?.content ?? {}),
      comparableDefinition(asJson(definition.input)),
    ),
  };
}

async function againstRun(
  flags: DiffFlags,
  ref: string,
  connection: Connection,
  context: CliContext,
): Promise<LaunchDifference> {
  const run = await findRun(await openStore(connection), ref, context.clock.now());
  const { flow } = flags;
  if (run.request.flow !== flow)
    throw usageError(`run ${run.runId} is of the flow "${run.request.flow}", not "${flow}"`);
  const intent = intentOf(run);
  const opened = await replayRun(run, await openWorkspace(flags, context, connection), context);
  const { definition, runTask } = planOf(opened);
  const now: JsonMap = { runTask: sentContent(runTask) };
  const before: JsonMap = { runTask: sentContent(intent.request) };
  const [definedBefore, definedNow] = await definitions(connection, intent, definition);
  return {
    flow,
    against: run.runId,
    differences: [...differences(definedBefore, definedNow), ...differences(before, now)],
  };
}

/** A definition that Slipway registers is compared by its content, any other by its name. */
async function definitions(
  connection: Connection,
  { request, definitionHash }: Intent,
  now: LaunchPlan['definition'],
): Promise<readonly [JsonMap, JsonMap]> {
  const before = shortArn(request.taskDefinition);
  if (now.kind === 'named') return [{ taskDefinition: before }, { taskDefinition: shortArn(now.taskDefinition) }];
  if (definitionHash === undefined) return [{ taskDefinition: before }, comparableDefinition(asJson(now.input))];
  if (definitionHash === now.hash) return [{}, {}];
  const described = await readDefinition(connection, request.taskDefinition);
  return [comparableDefinition(described?.content ?? {}), comparableDefinition(asJson(now.input))];
}

function intentOf(run: FlowRun): Intent {
  const intent = 'intent' in run ? run.intent : undefined;
  if (intent !== undefined) return intent;
  throw new UserError(`run ${run.runId} is ${run.status} and was never launched: there is nothing to compare with`, {
    exitCode: EXIT.notFound,
  });
}

function planOf({ workspace, input, reader }: OpenedLaunch): LaunchPlan {
  const plan = planRun(workspace, input);
  if (plan.ok) return plan.value;
  throw reader.faultsError(plan.error);
}

/** The token differs by design, and the definition is compared by itself. */
function sentContent(request: object): JsonMap {
  const { clientToken: _token, taskDefinition: _definition, ...content } = asJson(request);
  return content;
}

function asJson(value: object): JsonMap {
  return JSON.parse(canonicalJson(JSON.parse(JSON.stringify(value))));
}

/** `family:revision` of an ARN. */
function shortArn(taskDefinition: string): string {
  return taskDefinition.split('/').at(-1) ?? taskDefinition;
}

async function readDefinition({ aws }: Connection, taskDefinition: string) {
  const [{ createEcsClient }, reading] = await Promise.all([
    import('../aws/create-ecs-client.ts'),
    import('../aws/read-definition.ts'),
  ]);
  const ecs = createEcsClient(aws);
  try {
    return await reading.readDefinition(ecs, taskDefinition);
  } finally {
    ecs.destroy();
  }
}
