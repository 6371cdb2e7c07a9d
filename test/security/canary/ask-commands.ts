import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnv } from '../../../src/cli/env.ts';
import { runInProcess } from '../../cli/cli-in-process.ts';
import { PUBLIC_FLOW } from './canary-config.ts';
import type { CanaryWorld } from './canary-world.ts';
import type { Catch } from './leak-net.ts';

/** What every command prints, of runs that have ended in each way, as text and as JSON. */
export async function commandOutputs(world: CanaryWorld): Promise<readonly Catch[]> {
  const json = [['runs', 'ls'], ['why', 'throws'], ['trace', 'throws'], ['explain', PUBLIC_FLOW], ['doctor']];
  const more = [['agents', 'ls'], ['queue', 'status'], ['config', 'show'], ['cost'], ['runs', 'steps', 'steps']];
  const alike = [
    ...json,
    ...more,
    ['runs', 'get', 'throws'],
    ['runs', 'get', 'contained'],
    ['runs', 'reports', 'steps'],
  ];
  const commands = [
    ...alike.flatMap((words) => [words, [...words, '-o', 'json']]),
    ['runs', 'get', 'commands'],
    ['runs', 'get', 'refused'],
    ['why', 'contained'],
    ['why', 'refused'],
    ['logs', 'throws'],
    ['render', PUBLIC_FLOW],
    ['diff', PUBLIC_FLOW, '--against', 'last'],
    ['config', 'show', '--origin'],
    ['config', 'validate'],
    ['flows', 'ls'],
    ['notify', 'test'],
    ['agent', 'health', '--ready'],
    ['agent', 'poke'],
    ['aws', 'iam'],
    ['setup', '--dry-run'],
  ];
  return Promise.all([...commands, ...refusedCommands(world)].map((words) => commandOutput(world, words)));
}

/** Commands that fail over something secret: their words must not repeat it. */
function refusedCommands({ canaries, stage }: CanaryWorld): readonly (readonly string[])[] {
  const folder = dirname(stage.configRef);
  const badFile = join(folder, 'parameters.json');
  writeFileSync(badFile, `{"password": "${canaries.badFile}`);
  const badConfig = join(folder, 'bad-agent.yaml');
  const { badConfig: secret } = canaries;
  const notify = [
    { to: 'slack', webhook: `ftp://hooks.example/${secret}` },
    { to: 'webhook', webhook: `https://me:${encodeURIComponent(secret)}@hooks.example/`, secret: [secret] },
  ];
  writeFileSync(badConfig, JSON.stringify({ http: { token: [secret] }, notify, ecs: { env: { A: [secret] } } }));
  return [
    ['run', PUBLIC_FLOW, '-p', `password=${canaries.argument}`, '--no-such-flag'],
    ['run', PUBLIC_FLOW, '-p', canaries.argument],
    ['run', 'no-such-flow', '-p', `password=${canaries.argument}`, '--queue-url', 'http://127.0.0.1:9/0/q'],
    ['run', PUBLIC_FLOW, '-p', `@${badFile}`],
    ['render', PUBLIC_FLOW, '--request', badFile],
    ['config', 'validate', '--config', badConfig],
    ['config', 'show', '--config', badConfig],
    ['agent', 'start', '--config', badConfig],
    ['agent', 'start', '--env', canaries.argument],
  ];
}

/** Where commands show what they are asked to show. */
async function commandOutput({ stage, env }: CanaryWorld, words: readonly string[]): Promise<Catch> {
  const config = words.includes('--config') || words[0] === 'agent' ? [] : ['--config', stage.configRef];
  const { stdout, stderr } = await runInProcess([...words, ...config], {
    env: readEnv(env),
    cwd: dirname(stage.configRef),
  });
  const named = words.filter((word, index) => index < 2 || word === '-o' || word === 'json').join(' ');
  return { channel: `command ${named}`, text: `${stdout}\n${stderr}` };
}
