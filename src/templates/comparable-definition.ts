import { isJsonMap, type Json, type JsonMap } from '../core/json.ts';
import { HASH_TAG, inHashOrder } from './definition-hash.ts';
import { fieldNames } from './validate/ecs-types.ts';

/**
 * What ECS fills in where a definition says nothing, by the list or map that holds it (API RegisterTaskDefinition and
 * DescribeTaskDefinition: `ContainerDefinition`, `PortMapping`, `HealthCheck`, `EFSVolumeConfiguration` …).
 */
const FILLED_IN: ReadonlyMap<string, JsonMap> = new Map<string, JsonMap>([
  ['', { networkMode: 'bridge', enableFaultInjection: false }],
  [
    'containerDefinitions',
    {
      cpu: 0,
      essential: true,
      privileged: false,
      readonlyRootFilesystem: false,
      disableNetworking: false,
      interactive: false,
      pseudoTerminal: false,
    },
  ],
  ['portMappings', { protocol: 'tcp', hostPort: 0 }],
  ['mountPoints', { readOnly: false }],
  ['volumesFrom', { readOnly: false }],
  ['healthCheck', { interval: 30, timeout: 5, retries: 3 }],
  ['efsVolumeConfiguration', { rootDirectory: '/', transitEncryption: 'DISABLED' }],
  ['authorizationConfig', { iam: 'DISABLED' }],
  ['runtimePlatform', { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' }],
]);

/** In these modes a port of a container is a port of the task (API PortMapping). */
const SHARED_PORTS: ReadonlySet<Json | undefined> = new Set(['awsvpc', 'host']);

/** A definition without what ECS adds to it, so that what was sent equals what is told back. */
export function comparableDefinition(definition: JsonMap): JsonMap {
  const known = new Set(fieldNames('RegisterTaskDefinitionRequest'));
  const own = Object.fromEntries(Object.entries(definition).filter(([key]) => known.has(key)));
  const ordered = inHashOrder({ ...own, tags: withoutHash(own.tags) });
  return withoutFilledIn(ordered, '', SHARED_PORTS.has(definition.networkMode));
}

/** It differs whenever anything else does. */
function withoutHash(tags: Json | undefined): Json {
  return Array.isArray(tags) ? tags.filter((tag: Json) => !(isJsonMap(tag) && tag.key === HASH_TAG)) : [];
}

function withoutFilledIn(map: JsonMap, owner: string, sharesPorts: boolean): JsonMap {
  const filledIn: JsonMap = {
    ...FILLED_IN.get(owner),
    ...(sharesPorts && owner === 'portMappings' ? { hostPort: map.containerPort ?? 0 } : {}),
  };
  const inside = (value: Json, key: string) => (isJsonMap(value) ? withoutFilledIn(value, key, sharesPorts) : value);
  const entries = Object.entries(map)
    .map(([key, value]): [string, Json] => [
      key,
      Array.isArray(value) ? value.map((item: Json) => inside(item, key)) : inside(value, key),
    ])
    .filter(([key, value]) => !isEmpty(value) && filledIn[key] !== value);
  return Object.fromEntries(entries);
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isJsonMap(value) && Object.keys(value).length === 0);
}
