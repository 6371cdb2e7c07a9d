import { AGENT_FLAGS } from './agent-flags.ts';

const { 'max-polls': _maxPolls, 'log-level': _logLevel, 'agent-address': _address, ...settings } = AGENT_FLAGS;

/** What flags can say of agent.yaml that changes what is launched. */
export const CONFIG_FLAGS = settings;

/** Which launch is meant, besides the flow. */
export const REQUEST_FLAGS = {
  request: { type: 'string', describe: 'Run request: a JSON file, or - for stdin', requiresArg: true },
  environment: { type: 'string', describe: "One of the agent's environments", requiresArg: true },
} as const;
