import { parseHttpAddress } from '../server/http-address.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { UserError, usageError } from './user-error.ts';

export interface AgentHttpFlags {
  readonly agentAddress?: string | undefined;
}

/** Where an agent answers that was told nothing else. */
const USUAL_ADDRESS = 'http://127.0.0.1:4200';

const ANSWER_WITHIN_MS = 5_000;

/** Asks the HTTP server of a running agent. agent.yaml is not read: a health check must not depend on S3. */
export async function askAgent(path: string, { agentAddress }: AgentHttpFlags, { env }: CliContext): Promise<Response> {
  const token = env.slipway.SLIPWAY_HTTP_TOKEN;
  const said = agentAddress ?? env.slipway.SLIPWAY_AGENT_ADDRESS ?? USUAL_ADDRESS;
  // Whoever asks may ask from anywhere: only the server needs a token to listen.
  const address = parseHttpAddress(said, token ?? '');
  if (!address.ok) throw usageError(address.error);
  const { host, port } = address.value;
  const anywhere = host === '0.0.0.0' || host === '::';
  const url = anywhere ? `http://127.0.0.1:${port}` : address.value.url;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    return await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  } catch (error) {
    throw new UserError(`no agent answers at ${url}: ${reasonOf(error)}`, {
      exitCode: EXIT.bug,
      next: 'slipway agent start   or give --agent-address as that agent has it',
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
