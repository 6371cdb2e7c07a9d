import type { Place } from '../core/fault.ts';
import { child, type MapNode, mapOf, type ScalarNode, scalar } from './config-node.ts';
import { parseDuration } from './duration.ts';

/**
 * `timeouts.stop` of a file as ECS's `stopTimeout`: the seconds from SIGTERM until a container is killed (API
 * ContainerDefinition), rounded up. It stands where it was written.
 */
export function stopTimeoutIn(document: MapNode): ScalarNode | undefined {
  const written = child(child(document, 'timeouts'), 'stop');
  const ms = written?.kind === 'scalar' ? parseDuration(String(written.value)) : undefined;
  return written === undefined || ms === undefined ? undefined : scalar(Math.ceil(ms / 1_000), written.origin);
}

/** The part of a definition that gives its main container so long; the container itself stands at `origin`. */
export function withStopTimeout(seconds: ScalarNode, main: string, origin: Place): MapNode {
  const container = mapOf({ name: scalar(main, { file: 'built-in' }), stopTimeout: seconds }, origin);
  return mapOf({ containerDefinitions: { kind: 'list', items: [container], origin } }, origin);
}
