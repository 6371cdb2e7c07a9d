import { formatFault } from '../core/fault.ts';
import { child } from '../templates/config-node.ts';
import { type ExplainedField, explain } from '../templates/explain.ts';
import { fieldsUnder } from '../templates/fields-under.ts';
import { LONGEST_OVERRIDES, lengthOf } from '../templates/overrides-length.ts';
import { type RunConfig, resolveRun } from '../templates/resolve.ts';
import { findFlow, type Workspace } from '../templates/workspace.ts';
import type { CliContext } from './cli-context.ts';
import { openStore } from './connected-store.ts';
import { connect } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { type ExplainedLaunch, explainedText } from './explained-text.ts';
import { findRun } from './find-run.ts';
import { type OpenedLaunch, openLaunch, openWorkspace, replayRun } from './open-launch.ts';
import type { RequestFlags } from './read-request.ts';
import { FaultsError, UserError } from './user-error.ts';

export interface ExplainFlags extends RequestFlags, ConnectionFlags {
  /** A flow, or a run: its id or what else names it. */
  readonly flow: string;
  /** Only this field, and those below it. */
  readonly field?: string | undefined;
  readonly output: string;
}

/** Prints for every field of a launch who set it and what it overrode; of a run, by the files as they are now. */
export async function explainLaunch(flags: ExplainFlags, context: CliContext): Promise<number> {
  const { terminal } = context;
  const { workspace, input, reader } = await launchOf(flags, context);
  const config = resolveRun(workspace, input);
  if (!config.ok) throw reader.faultsError(config.error);
  const fields = wantedFields(explain(config.value, input), flags.field);
  const explained = explainedLaunch(config.value, input.runId, fields);
  if (flags.output === 'json') {
    terminal.data(JSON.stringify(explained, null, 2));
    return EXIT.ok;
  }
  for (const warning of explained.warnings) terminal.say(`${terminal.style('yellow', 'warning:')} ${warning}`);
  terminal.data(explainedText(explained, terminal.dataStyle));
  return EXIT.ok;
}

async function launchOf(flags: ExplainFlags, context: CliContext): Promise<OpenedLaunch> {
  if (isRunRef(flags.flow)) return runLaunch(flags, context);
  const opened = await openWorkspace(flags, context);
  const { flows, brokenFlows } = opened.workspace;
  if (flows.has(flags.flow) || brokenFlows.has(flags.flow)) return openLaunch(flags, context, opened);
  try {
    return await runLaunch(flags, context);
  } catch (error) {
    throw error instanceof FaultsError ? error : neither(opened.workspace, flags.flow, error);
  }
}

/** What can only be a run: `@last`, `etl@last-failed`, a task's ARN. */
function isRunRef(text: string): boolean {
  return text.includes('@') || text.startsWith('arn:');
}

async function runLaunch(flags: ExplainFlags, context: CliContext): Promise<OpenedLaunch> {
  const connection = await connect(flags, context);
  const run = await findRun(await openStore(connection), flags.flow, context.clock.now());
  return replayRun(run, await openWorkspace(flags, context, connection), context);
}

/** Most probably a flow was meant; why no run was found is told beside it. */
function neither(workspace: Workspace, name: string, error: unknown): UserError {
  const flow = findFlow(workspace, name);
  const faults = [...(flow.ok ? [] : flow.error), { message: `nor is it a run: ${explainError(error).message}` }];
  return new FaultsError('there is nothing to explain', faults, { exitCode: EXIT.notFound });
}

function wantedFields(all: readonly ExplainedField[], wanted: string | undefined): readonly ExplainedField[] {
  const found = fieldsUnder(all, wanted);
  if (found.ok) return found.value;
  throw new UserError(formatFault(found.error), { exitCode: EXIT.notFound });
}

function explainedLaunch(
  { flow, definition, runTask, warnings }: RunConfig,
  runId: string,
  fields: readonly ExplainedField[],
): ExplainedLaunch {
  const overrides = child(runTask, 'overrides');
  const characters = overrides?.kind === 'map' ? lengthOf(overrides) : 0;
  return {
    flow: flow.flow,
    runId,
    fields,
    warnings: warnings.map(formatFault),
    overrides: { characters, limit: LONGEST_OVERRIDES },
    validForFargate: definition.kind === 'register' ? definition.finished.onFargate : null,
  };
}
