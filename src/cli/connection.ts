import type { AwsClientOptions } from '../aws/client-options.ts';
import type { PriceOverride } from '../core/fargate-price.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ownConfig } from './config-ref.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { type DevSession, findDevSession } from './dev-session.ts';
import { useTestCredentials, useTestCredentialsIfNone } from './env.ts';
import { EXIT } from './exit-codes.ts';
import { UserError } from './user-error.ts';

/** Which AWS a command speaks to, and the names of ours in it. */
export interface Connection {
  readonly aws: AwsClientOptions;
  /** Whether it is the local AWS of `slipway dev`, where looking often costs nothing. */
  readonly isLocal: boolean;
  readonly table: string | undefined;
  /** The first queue. */
  readonly queueUrl: string | undefined;
  readonly bucket: string | undefined;
  /** Of agent.yaml, over the built-in table. */
  readonly prices: PriceOverride;
}

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/;

/** Endpoint and region as flags and variables say them; test credentials for loopback endpoints where there are none. */
export function awsOptions(
  { endpointUrl, region }: Pick<ConnectionFlags, 'endpointUrl' | 'region'>,
  { env }: Pick<CliContext, 'env'>,
): AwsClientOptions {
  const endpoint = endpointUrl ?? env.endpointUrl;
  const isLoopback = endpoint !== undefined && LOOPBACK.test(endpoint);
  if (isLoopback) useTestCredentialsIfNone();
  const place = region ?? env.region ?? (isLoopback ? 'us-east-1' : undefined);
  return { ...(endpoint === undefined ? {} : { endpoint }), ...(place === undefined ? {} : { region: place }) };
}

/**
 * Finds out which AWS is meant: what flags and variables name; else the `slipway dev` of this folder or of one above it;
 * else agent.yaml. Says so when it is the local one.
 */
export async function connect(flags: ConnectionFlags, context: CliContext): Promise<Connection> {
  const session = findDevSession(context.cwd);
  if (flags.local && session === undefined) {
    throw new UserError(`no "slipway dev" runs in ${context.cwd} or above it`, {
      exitCode: EXIT.notFound,
      next: 'slipway dev',
    });
  }
  if (session !== undefined && (flags.local || isNothingElseNamed(flags, context, session))) {
    context.terminal.say(context.terminal.style('dim', `local AWS of "slipway dev" at ${session.endpoint}`));
    return localConnection(session);
  }
  return configuredConnection(flags, context);
}

/** The connection to a running `slipway dev`. */
export function localConnection({ endpoint, region, table, queueUrl, bucket }: DevSession): Connection {
  useTestCredentials();
  return { aws: { endpoint, region }, isLocal: true, table, queueUrl, bucket, prices: {} };
}

function isNothingElseNamed(flags: ConnectionFlags, { env }: CliContext, session: DevSession): boolean {
  const endpoint = flags.endpointUrl ?? env.endpointUrl;
  const names = [flags.config, flags.table, flags.queueUrl, flags.bucket];
  const variables = ['SLIPWAY_CONFIG', 'SLIPWAY_TABLE', 'SLIPWAY_QUEUE_URL', 'SLIPWAY_BUCKET'];
  const isNamed = names.some((name) => name !== undefined) || variables.some((name) => name in env.slipway);
  return !isNamed && (endpoint === undefined || isSamePlace(endpoint, session.endpoint));
}

function isSamePlace(one: string, other: string): boolean {
  const place = (url: string) => (URL.canParse(url) ? new URL(url).host.replace('localhost', '127.0.0.1') : url);
  return place(one) === place(other);
}

async function configuredConnection(flags: ConnectionFlags, context: CliContext): Promise<Connection> {
  const { ConfigReader } = await import('./config-reader.ts');
  const aws = awsOptions(flags, context);
  const { table, bucket, queueUrl } = flags;
  const settings = agentSettings({ table, bucket, queueUrl }, context.env);
  const configRef = ownConfig(flags, context);
  const agent = await new ConfigReader(aws).agent({ configRef, settings });
  const { prices } = agent;
  return { aws, isLocal: false, table: agent.table, queueUrl: agent.queues[0]?.url, bucket: agent.bucket, prices };
}

/** The table of runs, without which a command cannot go on. */
export function tableOf({ table }: Pick<Connection, 'table'>): string {
  if (table !== undefined) return table;
  throw unnamed('table of runs', '--table', 'SLIPWAY_TABLE', 'table');
}

/** The queue of run requests, without which a command cannot go on. */
export function queueUrlOf({ queueUrl }: Connection): string {
  if (queueUrl !== undefined) return queueUrl;
  throw unnamed('queue of run requests', '--queue-url', 'SLIPWAY_QUEUE_URL', 'queues');
}

function unnamed(what: string, flag: string, variable: string, key: string): UserError {
  return new UserError(`nobody says which ${what} is meant`, {
    exitCode: EXIT.config,
    next: `give ${flag}, ${variable}, or an agent.yaml with ${key}; or start "slipway dev" here`,
  });
}
