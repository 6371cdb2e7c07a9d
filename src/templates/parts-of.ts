import type { Fault } from '../core/fault.ts';
import type { TaskNetwork } from '../core/network-reader.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { TaggedSecret } from '../core/secret-lister.ts';
import {
  type ConfigNode,
  child,
  emptyMap,
  isNull,
  type MapNode,
  mapOf,
  nodeOf,
  onlyKeys,
  scalar,
} from './config-node.ts';
import type { Layer } from './layer.ts';
import { definitionPart, keysPart, kwargsPart, networkConfiguration, type Part } from './part.ts';
import { profileSizes } from './profile.ts';
import { settingKind } from './settings.ts';
import { isReservedName } from './shapes.ts';
import { withStopTimeout } from './stop-timeout.ts';
import { fileNamedIn, type Templates } from './templates-of.ts';
import type { Workspace } from './workspace.ts';

/** What is found outside the files: passed in, so that planning asks nobody. Equal objects are planned with equal results. */
export interface Surroundings {
  /** The network of the agent's own task, for `inherit: current-task`. */
  readonly inheritedNetwork?: TaskNetwork;
  /** The secrets that carry `ecs.secretsTag`. */
  readonly taggedSecrets?: readonly TaggedSecret[];
}

/** A layer's parts in their order: patch, kwargs, profile, keys; the agent's keys once more by file, variables, flags. */
export function partsOf(
  workspace: Workspace,
  layer: Layer,
  main: string,
  surroundings: Surroundings,
): Result<readonly Part[], readonly Fault[]> {
  const { name, config } = layer;
  const kwargs = kwargsOf(layer, workspace.templates);
  const profile = profilePart(layer, workspace.agent.document);
  if (!kwargs.ok || !profile.ok) return err([...(kwargs.ok ? [] : kwargs.error), ...(profile.ok ? [] : profile.error)]);
  const patch = child(config, 'taskDefinitionPatch');
  return ok([
    ...inheritedParts(layer, surroundings),
    ...(patch?.kind === 'map' ? [definitionPart(name, 'patch', patch)] : []),
    ...kwargs.value,
    ...profile.value,
    ...taggedParts(layer, main, surroundings),
    ...stopParts(layer, main),
    ...keyParts(layer, main),
  ]);
}

function stopParts({ name, config, stopTimeout }: Layer, main: string): readonly Part[] {
  if (stopTimeout === undefined) return [];
  const { origin } = config;
  const definition = withStopTimeout(stopTimeout, main, origin);
  return [{ layer: name, kind: 'keys', definition, runTask: emptyMap(origin) }];
}

function kwargsOf({ name, config }: Layer, templates: Templates): Result<readonly Part[], readonly Fault[]> {
  const said = child(config, 'runTaskKwargs');
  if (said === undefined || isNull(said)) return ok([]);
  if (said.kind === 'map') return ok([kwargsPart(name, said)]);
  if (name === 'request')
    return err([{ place: said.origin, message: 'a request may not name a file as its runTaskKwargs' }]);
  const file = fileNamedIn(config, 'runTaskKwargs');
  const read = file && templates.get(file.ref);
  return read
    ? ok([kwargsPart(name, read)])
    : err([{ place: said.origin, message: `the run-task kwargs "${file?.ref ?? '?'}" were not read` }]);
}

function profilePart({ name, config }: Layer, agent: MapNode): Result<readonly Part[], readonly Fault[]> {
  const profile = child(config, 'profile');
  if (profile === undefined || isNull(profile)) return ok([]);
  const sizes = profileSizes(profile, agent);
  return sizes.ok ? ok([definitionPart(name, 'profile', sizes.value)]) : err([sizes.error]);
}

/** Flags and variables are layers of their own above the file, so that `--launch-type` beats a strategy in it. */
function keyParts({ name, config }: Layer, main: string): readonly Part[] {
  if (name !== 'agent') return [keysPart(name, config, main)];
  return (['file', 'variable', 'flag'] as const).flatMap((kind) => {
    const own = onlyKeys(config, (key) => settingKind(child(config, key)?.origin ?? config.origin) === kind);
    return own.entries.size === 0 ? [] : [keysPart(name, own, main)];
  });
}

/** The agent's own network is the weakest word about networks. */
function inheritedParts({ name, config }: Layer, { inheritedNetwork }: Surroundings): readonly Part[] {
  const inherit = inheritOf(config);
  if (name !== 'agent' || inherit === undefined || inheritedNetwork === undefined) return [];
  const { subnets, securityGroups } = inheritedNetwork;
  const network = networkConfiguration(nodeOf({ subnets, securityGroups }, inherit.origin));
  const { origin } = inherit;
  return [
    {
      layer: name,
      kind: 'inherited',
      definition: emptyMap(origin),
      runTask: mapOf({ networkConfiguration: network }, origin),
    },
  ];
}

/** Where `ecs` asks for the agent's own network, if it does. */
export function inheritOf(ecs: ConfigNode | undefined): ConfigNode | undefined {
  const inherit = child(ecs, 'inherit') ?? child(child(ecs, 'network'), 'inherit');
  return isNull(inherit) ? undefined : inherit;
}

/** Secrets found by tag stand below those that are listed. One whose name no program could read is left out. */
function taggedParts({ name, config }: Layer, main: string, { taggedSecrets = [] }: Surroundings): readonly Part[] {
  const tag = child(config, 'secretsTag');
  const usable = taggedSecrets.filter(isUsable);
  if (name !== 'agent' || tag === undefined || isNull(tag) || usable.length === 0) return [];
  const { origin } = tag;
  const secrets: Record<string, ConfigNode> = Object.fromEntries(
    usable.map((secret) => [secret.name, scalar(secret.arn, origin)]),
  );
  return [keysPart(name, mapOf({ secrets: mapOf(secrets, origin) }, origin), main)];
}

/** Whether a secret's name can be the name of a variable that is not ours. */
export function isUsable({ name }: TaggedSecret): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isReservedName(name);
}
