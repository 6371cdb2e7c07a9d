import { type AgentHttpFlags, askAgent } from './agent-http.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { UserError } from './user-error.ts';

/** Has a running agent look for work now. */
export async function pokeAgent(flags: AgentHttpFlags, context: CliContext): Promise<void> {
  const answer = await askAgent('/api/poke', flags, context);
  if (answer.status === 401) {
    const next = 'set SLIPWAY_HTTP_TOKEN to the token of that agent';
    throw new UserError('the agent wants a token', { exitCode: EXIT.access, next });
  }
  if (!answer.ok) throw new UserError(`the agent answered ${answer.status}`, { exitCode: EXIT.bug });
  context.terminal.say('it looks now');
}
