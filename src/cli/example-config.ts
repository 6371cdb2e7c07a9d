import { join } from 'node:path';

/** The agent.yaml of the examples that come with the package. */
export function exampleConfig(): string {
  return join(import.meta.dirname, '..', '..', 'config', 'agent.yaml');
}
