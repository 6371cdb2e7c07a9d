import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { locateArtifact } from '../agent/artifact-publisher.ts';
import { type Fault, formatFault } from '../core/fault.ts';
import { isJsonMap, type JsonMap } from '../core/json.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { parseRunRequest } from '../core/parse-run-request.ts';
import type { RunRequest } from '../core/run-request.ts';
import type { FlowDefinition } from '../templates/flow-definition.ts';
import { planRun } from '../templates/plan-run.ts';
import { findFlow, type Workspace } from '../templates/workspace.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader, findAgentYaml } from './config-reader.ts';
import { awsOptions } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { FaultsError } from './user-error.ts';

export interface RenderFlags {
  readonly flow: string;
  readonly config?: string | undefined;
  readonly flows?: string | undefined;
  readonly request?: string | undefined;
  readonly environment?: string | undefined;
  readonly output: string;
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
}

/** Where a run id is needed and none is given. */
const PREVIEW = 'preview';

/** Prints the very requests that a launch would send to ECS, without calling it. */
export async function renderLaunch(flags: RenderFlags, context: CliContext): Promise<number> {
  const reader = new ConfigReader(awsOptions(flags, context));
  const configRef = flags.config ?? context.env.slipway.SLIPWAY_CONFIG ?? findAgentYaml(context.cwd);
  const workspace = await reader.workspace({ configRef, settings: agentSettings({ ...flags }, context.env) });
  const request = await readRequest(flags, context);
  const flow = flowOf(workspace, flags.flow, reader);
  for (const fault of workspace.flowFaults) context.terminal.say(`warning: ${formatFault(fault)}`);
  const plan = await planOf(workspace, flow, request, reader);
  context.terminal.data(await textOf(requestsOf(plan), flags.output));
  return EXIT.ok;
}

/** A flow whose file has faults is not among the flows: its faults are the answer then. */
function flowOf(workspace: Workspace, name: string, reader: ConfigReader): FlowDefinition {
  const found = findFlow(workspace, name);
  if (found.ok) return found.value;
  if (workspace.flowFaults.length > 0) throw reader.faultsError(workspace.flowFaults);
  throw new FaultsError('there is nothing to render', found.error, { exitCode: EXIT.notFound });
}

async function planOf(
  workspace: Workspace,
  flow: FlowDefinition,
  request: RunRequest,
  reader: ConfigReader,
): Promise<LaunchPlan> {
  const artifact = await locateArtifact(flow, workspace.agent.bucket);
  if (!artifact.ok) throw reader.faultsError([artifact.error]);
  const uri = artifact.value === undefined ? {} : { artifactS3Uri: artifact.value.uri };
  const runId = request.runId ?? PREVIEW;
  const planned = planRun(workspace, { request, runId, attempt: 1, placement: 0, ...uri });
  if (!planned.ok) throw reader.faultsError(planned.error);
  return planned.value;
}

/** Of a definition that is yet to be registered nobody knows the ARN: then RunTask is told without it. */
function requestsOf({ definition, runTask }: LaunchPlan) {
  if (definition.kind === 'register')
    return { registerTaskDefinition: definition.input, taskDefinitionArn: null, runTask };
  const { taskDefinition } = definition;
  return { registerTaskDefinition: null, taskDefinitionArn: taskDefinition, runTask: { taskDefinition, ...runTask } };
}

async function textOf(requests: object, output: string): Promise<string> {
  if (output === 'json') return JSON.stringify(requests, null, 2);
  const { dump } = await import('js-yaml');
  return dump(JSON.parse(JSON.stringify(requests)), { noRefs: true, lineWidth: 120 }).trimEnd();
}

async function readRequest({ flow, request, environment }: RenderFlags, context: CliContext): Promise<RunRequest> {
  const from = request === '-' ? 'stdin' : (request ?? '--request');
  const body = request === undefined ? {} : await readBody(request, from, context);
  const named = 'flow' in body || 'flow_name' in body ? body : { flow, ...body };
  const chosen = environment === undefined ? named : { ...named, environment };
  const parsed = parseRunRequest(JSON.stringify(chosen));
  if (!parsed.ok) throw requestError(parsed.error, from);
  if (parsed.value.request.flow !== flow) {
    const message = `the request is for the flow "${parsed.value.request.flow}", not for "${flow}"`;
    throw requestError([{ message }], from);
  }
  return parsed.value.request;
}

async function readBody(request: string, from: string, { cwd, stdin }: CliContext): Promise<JsonMap> {
  const text =
    request === '-' ? await textFrom(stdin) : await readFile(resolve(cwd, request), 'utf8').catch(unreadable);
  if (typeof text !== 'string') throw requestError([{ message: `cannot be read: ${text.message}` }], from);
  const parsed = parseJsonText(text);
  if (!parsed.ok) throw requestError([parsed.error], from);
  if (!isJsonMap(parsed.value)) throw requestError([{ message: 'the request is not a JSON object' }], from);
  return parsed.value;
}

function unreadable(error: unknown): { readonly message: string } {
  return { message: error instanceof Error ? error.message : String(error) };
}

async function textFrom(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function requestError(faults: readonly Fault[], from: string): FaultsError {
  const placed = faults.map((fault) => ({ place: { file: from }, ...fault }));
  return new FaultsError('the request is not valid', placed, { exitCode: EXIT.config });
}
