import { type AgentHttpFlags, askAgent } from './agent-http.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { UserError } from './user-error.ts';

/** Has a running agent look for work now. */
export async function pokeAgent(flags: AgentHttpFlags, context: CliContext): Promise<void> {
  const answer = await askAgent('/api/poke', flags, context);
  if (answer.status === 401) {
    const next = 'set SLIPWAY_HTTP_TOKEN to the token of that agent';
    const isWrong = context.env.slipway.SLIPWAY_HTTP_TOKEN !== undefined;
    const message = isWrong ? 'the agent does not take the token of SLIPWAY_HTTP_TOKEN' : 'the agent wants a token';
    throw new UserError(message, { exitCode: EXIT.access, next });
  }
  if (!answer.ok) throw new UserError(`the agent answered ${answer.status}`, { exitCode: EXIT.bug });
  context.terminal.say('it looks now');
}
