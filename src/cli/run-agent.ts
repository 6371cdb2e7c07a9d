import { connectAws } from '../agent/connect-aws.ts';
import { createServedAgent } from '../agent/served-agent.ts';
import { findRegion } from '../aws/find-region.ts';
import { adviceOnDenial } from '../core/access-denied.ts';
import { formatFault } from '../core/fault.ts';
import { type HttpAddress, parseHttpAddress } from '../server/http-address.ts';
import { createLog, type Log } from '../service/log.ts';
import { type StopOnSignals, stopOnSignals } from '../service/stop-on-signals.ts';
import { isS3 } from '../templates/place-ref.ts';
import type { Workspace } from '../templates/workspace.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader, type ConfigSource } from './config-reader.ts';
import { ownConfig } from './config-ref.ts';
import { awsOptions } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { obeySignals } from './obey-signals.ts';
import { tellStart } from './start-banner/tell-start.ts';
import type { OutputStream } from './terminal.ts';
import { thisProcess } from './this-process.ts';
import { FaultsError, UserError, usageError } from './user-error.ts';

/** The flags of `slipway agent start` that are not keys of agent.yaml; the others are read by `agentSettings`. */
export interface RunAgentFlags {
  readonly config?: string | undefined;
  readonly maxPolls?: number | undefined;
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
}

/** Pause before templates in S3 are asked for again that could not be reached at the start. */
const UNREACHABLE_PAUSE_MS = 5_000;

/** Runs the agent until a signal asks it to stop. Bad configuration ends it with 78; AWS being away does not. */
export async function runAgent(flags: RunAgentFlags, context: CliContext): Promise<number> {
  const signals = stopOnSignals(context.signals);
  try {
    await needRegion(flags, context);
    const ready = await prepare(flags, context, signals.stop.signal);
    return ready === undefined ? EXIT.ok : await work(ready, flags, context, signals);
  } catch (error) {
    if (error instanceof FaultsError)
      throw new FaultsError(error.message, error.faults, { exitCode: EXIT.agentConfig });
    if (error instanceof UserError) {
      const { message, next } = error;
      throw new UserError(message, { exitCode: EXIT.agentConfig, ...(next === undefined ? {} : { next }) });
    }
    throw error;
  } finally {
    signals.release();
  }
}

/** Without a region the SDK fails every call, for ever: that is no outage to wait for. */
async function needRegion(flags: RunAgentFlags, context: CliContext): Promise<void> {
  if ((await findRegion(awsOptions(flags, context))) !== undefined) return;
  throw new UserError('no AWS region is named: not by --region, nor by AWS_REGION, nor by the profile', {
    exitCode: EXIT.agentConfig,
    next: 'set AWS_REGION where the agent is started; slipway agent install --region … writes it there for a supervisor',
  });
}

interface Ready {
  readonly workspace: Workspace;
  readonly table: string;
  readonly address: HttpAddress;
  readonly maxPolls: number | undefined;
}

async function work(
  { workspace, table, address, maxPolls }: Ready,
  flags: RunAgentFlags,
  context: CliContext,
  signals: StopOnSignals,
): Promise<number> {
  const { agent: config } = workspace;
  const log = createLog(config.logLevel, await logStream(context), { agent: config.name }, adviceOnDenial);
  const options = { ...awsOptions(flags, context), metadataUri: context.env.metadataUri, timing: context.clock };
  const agent = createServedAgent({
    workspace,
    connect: (onCall) => connectAws({ ...options, onCall }),
    table,
    address,
    token: config.http.token,
    process: thisProcess(),
    clock: context.clock,
    log,
    ...(maxPolls === undefined ? {} : { maxPolls }),
  });
  logStart(log, workspace);
  const { stop } = signals;
  const telling = tellStart(
    { workspace, table, address, aws: awsOptions(flags, context), log, stop: stop.signal },
    context,
  );
  const release = obeySignals(context.signals, agent, log);
  stop.signal.addEventListener('abort', () => log.info('agent.stopping'), { once: true });
  leaveAtOnce(signals);
  try {
    await Promise.all([agent.run(stop), telling]);
  } finally {
    release();
  }
  log.info('agent.stopped');
  return EXIT.ok;
}

/** A second signal is meant: it does what a signal does to a program that does not listen. */
function leaveAtOnce({ hurry, release }: StopOnSignals): void {
  hurry.addEventListener(
    'abort',
    () => {
      release();
      process.kill(process.pid, 'SIGTERM');
    },
    { once: true },
  );
}

function logStart(log: Log, { agent, flows, flowFaults }: Workspace): void {
  log.info('agent.started', { queue: agent.queues.map(({ url }) => url).join(' '), count: flows.size });
  for (const fault of flowFaults) log.error('config.rejected', { fault: formatFault(fault) });
}

/** Reads the configuration; while S3 cannot be reached, again and again. Undefined if it was stopped before. */
async function prepare(flags: RunAgentFlags, context: CliContext, stop: AbortSignal): Promise<Ready | undefined> {
  const maxPolls = maxPollsOf(flags, context);
  const source: ConfigSource = {
    configRef: ownConfig(flags, context),
    settings: agentSettings({ ...flags }, context.env),
  };
  let told = false;
  while (!stop.aborted) {
    const reader = new ConfigReader(awsOptions(flags, context));
    try {
      return { ...checked(await reader.workspace(source), reader), maxPolls };
    } catch (error) {
      const away = reader.failures.find(({ ref, problem }) => problem === 'unavailable' && isS3(ref));
      if (away === undefined) throw error;
      if (!told) context.terminal.say(`waits for ${away.ref}: ${away.evidence}`);
      told = true;
      await context.clock.sleep(UNREACHABLE_PAUSE_MS, stop);
    }
  }
  return undefined;
}

/** What an agent cannot work without. */
function checked(workspace: Workspace, reader: ConfigReader): Omit<Ready, 'maxPolls'> {
  const { queues, table, http } = workspace.agent;
  const address = parseHttpAddress(http.address, http.token);
  if (queues.length > 0 && table !== undefined && address.ok) return { workspace, table, address: address.value };
  throw reader.faultsError([
    ...(queues.length > 0
      ? []
      : [{ message: 'no queue to take run requests from', hint: 'set queues, or --queue-url' }]),
    ...(table === undefined ? [{ message: 'no table to keep the runs in', hint: 'set table, or --table' }] : []),
    ...(address.ok ? [] : [{ message: `http.address ${address.error}` }]),
  ]);
}

function maxPollsOf({ maxPolls }: RunAgentFlags, { env }: CliContext): number | undefined {
  const said = maxPolls ?? env.slipway.SLIPWAY_MAX_POLLS;
  if (said === undefined) return undefined;
  const number = Number(said);
  if (Number.isInteger(number) && number > 0) return number;
  throw usageError(
    `${maxPolls === undefined ? 'SLIPWAY_MAX_POLLS' : '--max-polls'} takes a whole number from 1 on, not "${said}"`,
  );
}

/** JSON lines for a machine, coloured lines for a person. */
async function logStream({ stdout, terminal }: CliContext): Promise<OutputStream> {
  if (!terminal.isInteractive) return stdout;
  const { default: pretty } = await import('pino-pretty');
  return pretty({ messageKey: 'event', translateTime: 'HH:MM:ss.l', destination: 1, sync: true });
}
