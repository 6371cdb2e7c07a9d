/** Where an installed agent finds its things, and as whom it runs. */
export interface InstallPlace {
  /** The Node program. */
  readonly node: string;
  /** `dist/cli/main.js` of this package. */
  readonly main: string;
  /** agent.yaml, a path or `s3://` address. */
  readonly config: string;
  /** The folder that the agent is started in. */
  readonly folder: string;
  /** The folder of its log. */
  readonly logFolder: string;
  /** The account it runs as; the supervisor's own if left out. */
  readonly user?: string;
  /** For `AWS_REGION`: a supervisor that the machine starts hands no variables of a shell on. */
  readonly region?: string;
}

/**
 * Of the Node that runs an agent. Left alone, V8 sizes its heap by the machine, and collects late on a large one: twice the
 * memory for the same work. Four times what an agent is measured to need is the bound.
 */
const NODE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=512'];

/** The words of the command that starts an agent. */
export function agentCommand({ node, main, config }: InstallPlace): readonly string[] {
  return [node, ...NODE_FLAGS, main, 'agent', 'start', '--config', config];
}

/**
 * Seconds that a supervisor waits between SIGTERM and SIGKILL. The agent drains in 7 s at the longest; a task that is
 * being launched when it is killed is found again, but later.
 */
export const STOP_WAIT_SECONDS = 40;
