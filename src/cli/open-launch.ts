import { locateArtifact } from '../agent/artifact-publisher.ts';
import { LaunchSurroundings } from '../agent/launch-surroundings.ts';
import type { AwsClientOptions } from '../aws/client-options.ts';
import { adjustmentAfter } from '../core/adjust-attempt.ts';
import { formatFault } from '../core/fault.ts';
import type { FlowRun } from '../core/run.ts';
import type { AgentConfig } from '../templates/agent-config.ts';
import type { Surroundings } from '../templates/parts-of.ts';
import type { PlanInput } from '../templates/resolve.ts';
import type { Setting } from '../templates/settings.ts';
import type { Workspace } from '../templates/workspace.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader } from './config-reader.ts';
import { configInUse } from './config-ref.ts';
import { awsOptions, type Connection } from './connection.ts';
import { type MeantFlow, meantFlow } from './flows/meant-flow.ts';
import { type RequestFlags, readRequest } from './read-request.ts';

/** Which configuration a command reads; the keys of agent.yaml that are flags are among them. */
export interface WorkspaceFlags {
  readonly config?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
}

export interface OpenedWorkspace {
  readonly workspace: Workspace;
  readonly reader: ConfigReader;
  readonly aws: AwsClientOptions;
}

/** A launch that is yet to be resolved. */
export interface OpenedLaunch extends OpenedWorkspace {
  readonly input: PlanInput;
}

/** Where a run id is needed and none is given. */
const PREVIEW = 'preview';

/** Reads the configuration, as the agent of `connection` would if there is one. */
export async function openWorkspace(
  flags: WorkspaceFlags,
  context: CliContext,
  connection?: Connection,
): Promise<OpenedWorkspace> {
  const aws = connection?.aws ?? awsOptions(flags, context);
  const reader = new ConfigReader(aws);
  const configRef = configInUse(flags, context);
  const settings = { ...agentSettings({ ...flags }, context.env), ...localSettings(connection) };
  return { workspace: await reader.workspace({ configRef, settings }), reader, aws };
}

/** What `slipway dev` says over agent.yaml. */
function localSettings(connection: Connection | undefined): Record<string, Setting> {
  if (!connection?.isLocal) return {};
  const said = { table: connection.table, bucket: connection.bucket, 'ecs.cluster': 'default' };
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, { value, origin: 'slipway dev' }]],
    ),
  );
}

/** The launch of a request that the flags name. */
export async function openLaunch(
  flags: WorkspaceFlags & RequestFlags,
  context: CliContext,
  opened?: OpenedWorkspace,
): Promise<OpenedLaunch> {
  const from = opened ?? (await openWorkspace(flags, context));
  const request = await readRequest(flags, context);
  const runId = request.runId ?? PREVIEW;
  const meant = await meantFlow(from, request, context);
  return prepared(meant, { request, runId, attempt: 1, placement: 0 }, context);
}

/** The launch of a run's latest attempt, by the files as they are now. */
export async function replayRun(run: FlowRun, opened: OpenedWorkspace, context: CliContext): Promise<OpenedLaunch> {
  const { request, runId, attempt, attempts } = run;
  const placement = 'placement' in run ? run.placement : 0;
  const before = attempts.filter((ended) => ended.attempt < attempt);
  const meant = await meantFlow(opened, request, context);
  const adjustment = adjustmentAfter(before, meant.flow.retries.CRASHED);
  return prepared(meant, { request, runId, attempt, placement, adjustment }, context);
}

async function prepared({ flow, opened }: MeantFlow, input: PlanInput, context: CliContext): Promise<OpenedLaunch> {
  const { workspace, reader, aws } = opened;
  for (const fault of workspace.flowFaults) context.terminal.say(`warning: ${formatFault(fault)}`);
  const artifact = await locateArtifact(flow, workspace.agent.bucket);
  if (!artifact.ok) throw reader.faultsError([artifact.error]);
  const uri = artifact.value === undefined ? {} : { artifactS3Uri: artifact.value.uri };
  const around = await surroundingsOf(workspace.agent, aws, reader, context);
  return { ...opened, input: { ...around, ...input, ...uri } };
}

/** AWS is asked only where agent.yaml has it asked: by `secretsTag` or `inherit`. */
async function surroundingsOf(
  agent: AgentConfig,
  aws: AwsClientOptions,
  reader: ConfigReader,
  { clock, env }: CliContext,
): Promise<Surroundings> {
  const ports = async () => {
    const { connectAws } = await import('../agent/connect-aws.ts');
    return connectAws({ ...aws, metadataUri: env.metadataUri });
  };
  const found = await new LaunchSurroundings(
    { secrets: async (now) => (await ports()).secrets(now), network: async () => (await ports()).network() },
    () => clock.now(),
  ).find(agent);
  if (found.ok) return found.value;
  throw reader.faultsError([found.error]);
}
