import { type LaunchCase, planOf } from './render-launch.ts';

const AGENT = {
  table: 'slipway',
  ecs: { cluster: 'main', taskDefinition: './td.yaml', network: { subnets: ['subnet-a'] } },
};
/** The template of the good configuration. */
export const TEMPLATE = {
  networkMode: 'awsvpc',
  cpu: '512',
  memory: '1024',
  containerDefinitions: [{ name: 'flow', image: 'etl:1' }],
};

/** A good configuration with parts of it said anew. */
export function launch(parts: {
  ecs?: object;
  agent?: object;
  template?: object;
  runConfig?: object;
  flow?: object;
  request?: Readonly<Record<string, unknown>>;
  settings?: LaunchCase['settings'];
  more?: LaunchCase['more'];
}): LaunchCase {
  const { request, settings, more } = parts;
  return {
    files: {
      'agent.yaml': { ...AGENT, ...parts.agent, ecs: { ...AGENT.ecs, ...parts.ecs } },
      'td.yaml': parts.template ?? TEMPLATE,
      'flows/etl.yaml': { flow: 'etl', version: '1', runConfig: parts.runConfig ?? {}, ...parts.flow },
    },
    request: { flow: 'etl', ...request },
    ...(settings ? { settings } : {}),
    ...(more ? { more } : {}),
  };
}

/** What the launch registers. */
export async function definitionOf(one: LaunchCase) {
  const { definition } = await planOf(one);
  if (definition.kind !== 'register') throw new Error('nothing is registered');
  return definition.input;
}

/** A container of what the launch registers. */
export async function containerOf(one: LaunchCase, name = 'flow') {
  const { containerDefinitions = [] } = await definitionOf(one);
  return containerDefinitions.find((container) => container.name === name);
}
