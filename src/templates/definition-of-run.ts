import { child, type MapNode, withKeys } from './config-node.ts';
import { type FinishedDefinition, finishDefinition } from './finish-definition.ts';
import type { FlowDefinition } from './flow-definition.ts';
import type { LaunchChoice } from './launch-choice.ts';
import type { MergedRun } from './merge-run.ts';
import { cpuUnits, mebibytes } from './size.ts';
import { isFargatePair } from './validate/fargate-sizes.ts';

/** By the definition that was prepared, then by what the launch choice and the tags add to it. */
const FINISHED = new WeakMap<MapNode, Map<string, FinishedDefinition>>();

/** Finishes the definition of a run; one that only the files speak about is finished once for all runs. */
export function definitionOfRun(run: MergedRun, flow: FlowDefinition, prefix: string): FinishedDefinition {
  const naming = { flow: flow.flow, prefix };
  const finished = finishedOnce(run, naming);
  const mended = mendSizes(run, finished);
  return mended === undefined ? finished : finishDefinition(mended, run.tags.definition, run.choice, naming);
}

function finishedOnce(run: MergedRun, naming: { readonly flow: string; readonly prefix: string }): FinishedDefinition {
  const { definition, tags, choice } = run;
  const held = FINISHED.get(definition) ?? new Map<string, FinishedDefinition>();
  FINISHED.set(definition, held);
  const key = `${choiceKey(choice)} ${JSON.stringify(naming)}`;
  const known = held.get(key);
  if (known !== undefined) return known;
  const finished = finishDefinition(definition, tags.definition, choice, naming);
  held.set(key, finished);
  return finished;
}

function choiceKey(choice: LaunchChoice): string {
  if (choice.kind === 'launchType') return String(choice.launchType.value);
  if (choice.kind === 'neither') return choice.kind;
  const providers = choice.strategy.kind === 'list' ? choice.strategy.items : [];
  return providers.map((provider) => JSON.stringify(child(provider, 'capacityProvider'))).join(' ');
}

/** A size that files say and Fargate lacks, but that the run makes one it has: the definition takes the run's, or ECS would refuse it. */
function mendSizes({ said, definition }: MergedRun, { node, onFargate }: FinishedDefinition): MapNode | undefined {
  const wanted = { cpu: child(said, 'cpu'), memory: child(said, 'memory') };
  if (!onFargate || (wanted.cpu === undefined && wanted.memory === undefined)) return undefined;
  const pair = (cpu: MapNodeValue, memory: MapNodeValue) =>
    isFargatePair(sizeOf(cpu, cpuUnits), sizeOf(memory, mebibytes));
  const [cpu, memory] = [child(node, 'cpu'), child(node, 'memory')];
  if (pair(cpu, memory) || !pair(wanted.cpu ?? cpu, wanted.memory ?? memory)) return undefined;
  return withKeys(definition, { cpu: wanted.cpu ?? cpu, memory: wanted.memory ?? memory });
}

type MapNodeValue = ReturnType<typeof child>;

function sizeOf(node: MapNodeValue, read: (value: unknown) => number | undefined): number | undefined {
  return node?.kind === 'scalar' ? read(node.value) : undefined;
}
