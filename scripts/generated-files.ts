import { supervisordConf } from '../src/cli/install/supervisord-conf.ts';

/** A checkout of this repository, as supervisord.conf speaks of it. */
const HERE = {
  node: 'node',
  main: '%(here)s/dist/cli/main.js',
  config: '%(here)s/config/agent.yaml',
  folder: '%(here)s',
  logFolder: '%(here)s',
};

/** Files of this repository that are printed by its own programs, by path: committed so that they can be read and used. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([['supervisord.conf', supervisordConf(HERE, { standalone: true })]]);
}
