import { didYouMean } from '../core/did-you-mean.ts';
import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type ConfigNode, child, type MapNode, mapOf, scalar } from './config-node.ts';

/** Sizes in CPU units and MiB, each a pair that Fargate has. */
const BUILT_IN: ReadonlyMap<string, { cpu: number; memory: number }> = new Map([
  ['small', { cpu: 256, memory: 512 }],
  ['medium', { cpu: 1024, memory: 2048 }],
  ['large', { cpu: 2048, memory: 4096 }],
  ['xlarge', { cpu: 4096, memory: 8192 }],
  ['heavy', { cpu: 8192, memory: 16_384 }],
  ['max', { cpu: 16_384, memory: 32_768 }],
]);

/** What a profile says about sizes, as part of a task definition: the agent's own, else a built-in one. */
export function profileSizes(name: ConfigNode, agent: MapNode): Result<MapNode, Fault> {
  const wanted = name.kind === 'scalar' ? String(name.value) : '';
  const profiles = child(agent, 'profiles');
  const own = child(profiles, wanted);
  if (own !== undefined) {
    const storage = child(own, 'ephemeralStorage');
    return ok(
      mapOf(
        {
          cpu: child(own, 'cpu'),
          memory: child(own, 'memory'),
          ephemeralStorage: storage && mapOf({ sizeInGiB: storage }, storage.origin),
        },
        own.origin,
      ),
    );
  }
  const builtIn = BUILT_IN.get(wanted);
  if (builtIn !== undefined)
    return ok(
      mapOf({ cpu: scalar(builtIn.cpu, name.origin), memory: scalar(builtIn.memory, name.origin) }, name.origin),
    );
  const known = [...BUILT_IN.keys(), ...(profiles?.kind === 'map' ? profiles.entries.keys() : [])];
  const near = didYouMean(wanted, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
  return err({ place: name.origin, message: `there is no profile "${wanted}"`, hint });
}
