import { join, resolve } from 'node:path';
import { isS3 } from '../templates/place-ref.ts';
import type { CliContext } from './cli-context.ts';
import { agentTaskDefinition } from './install/agent-task-definition.ts';
import type { InstallPlace } from './install/install-place.ts';
import { supervisordConf, supervisordPath } from './install/supervisord-conf.ts';
import { systemdUnit } from './install/systemd-unit.ts';
import { usageError } from './user-error.ts';

export interface InstallAgentFlags {
  readonly manager: string;
  readonly config?: string | undefined;
  readonly user?: string | undefined;
  readonly directory?: string | undefined;
  readonly logDir?: string | undefined;
  readonly standalone: boolean;
  readonly image?: string | undefined;
  readonly taskRoleArn?: string | undefined;
  readonly executionRoleArn?: string | undefined;
  readonly logGroup: string;
  readonly region?: string | undefined;
}

const MAIN = join(import.meta.dirname, 'main.js');

/** Prints what starts the agent under a supervisor, for this Node, this package and the user's paths. Writes nothing. */
export function installAgent(flags: InstallAgentFlags, context: CliContext): void {
  context.terminal.data(installText(flags, context).trimEnd());
}

function installText(flags: InstallAgentFlags, context: CliContext): string {
  if (flags.manager === 'ecs') return JSON.stringify(ecsDefinition(flags, context), null, 2);
  const place = placeOf(flags, context);
  if (flags.manager === 'systemd') return systemdUnit(place);
  if (place.logFolder.includes('%')) {
    // Supervisor 4.2 expands the log's name twice, so that no way of writing a % is left.
    throw usageError(`supervisord cannot write to ${place.logFolder}: there is a % in it`, 'give another --log-dir');
  }
  return supervisordConf(mapPlace(place, supervisordPath), { standalone: flags.standalone });
}

function placeOf(
  { config, user, directory, logDir, standalone, region }: InstallAgentFlags,
  { env, cwd }: CliContext,
): InstallPlace {
  const named = config ?? env.slipway.SLIPWAY_CONFIG ?? 'agent.yaml';
  const folder = resolve(cwd, directory ?? '.');
  const place = region ?? env.region;
  return {
    node: process.execPath,
    main: MAIN,
    config: isS3(named) ? named : resolve(cwd, named),
    folder,
    logFolder: resolve(cwd, logDir ?? (standalone ? folder : '/var/log/supervisor')),
    ...(user === undefined ? {} : { user }),
    ...(place === undefined ? {} : { region: place }),
  };
}

function mapPlace(place: InstallPlace, change: (text: string) => string): InstallPlace {
  const { node, main, config, folder, logFolder } = place;
  return {
    ...place,
    node: change(node),
    main: change(main),
    config: change(config),
    folder: change(folder),
    logFolder: change(logFolder),
  };
}

function ecsDefinition(flags: InstallAgentFlags, { env }: CliContext): Readonly<Record<string, unknown>> {
  const config = flags.config ?? env.slipway.SLIPWAY_CONFIG;
  if (config === undefined || !isS3(config)) {
    throw usageError(
      'a task has no disk of yours: give --config s3://bucket/agent.yaml',
      'aws s3 cp --recursive config s3://…',
    );
  }
  const { image, taskRoleArn, executionRoleArn, logGroup } = flags;
  const region = flags.region ?? env.region;
  return agentTaskDefinition({
    image: needed(image, '--image'),
    config,
    taskRoleArn: needed(taskRoleArn, '--task-role-arn'),
    executionRoleArn: needed(executionRoleArn, '--execution-role-arn'),
    logGroup,
    region: needed(region, '--region'),
  });
}

function needed(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw usageError(`slipway agent install ecs needs ${flag}`, 'slipway agent install --help');
}
