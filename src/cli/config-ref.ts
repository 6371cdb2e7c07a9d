import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isS3 } from '../templates/place-ref.ts';
import type { CliContext } from './cli-context.ts';
import { findDevSession } from './dev-session.ts';

export interface ConfigFlags {
  readonly config?: string | undefined;
}

/** Where agent.yaml is looked for when nobody names it. */
const USUAL_PLACES = ['agent.yaml', join('config', 'agent.yaml')];

/** The agent.yaml of one's own: the one that flag or variable names, else that of the folder. */
export function ownConfig({ config }: ConfigFlags, { env, cwd }: Pick<CliContext, 'env' | 'cwd'>): string | undefined {
  return config ?? env.slipway.SLIPWAY_CONFIG ?? configOfFolder(cwd);
}

/** One's own agent.yaml, else that of the `slipway dev` that runs here. */
export function configInUse(flags: ConfigFlags, context: Pick<CliContext, 'env' | 'cwd'>): string | undefined {
  return ownConfig(flags, context) ?? findDevSession(context.cwd)?.config;
}

/** The reference as it can be read from any folder. */
export function fromAnywhere(configRef: string, cwd: string): string {
  return isS3(configRef) ? configRef : resolve(cwd, configRef);
}

/** As a path from the current folder. */
function configOfFolder(cwd: string): string | undefined {
  const found = USUAL_PLACES.map((place) => join(cwd, place)).find((path) => existsSync(path));
  return found === undefined ? undefined : relative('', found);
}
