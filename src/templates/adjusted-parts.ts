import type { Adjustment } from '../core/adjust-attempt.ts';
import type { Fault } from '../core/fault.ts';
import { ok, type Result } from '../core/result.ts';
import { type ConfigNode, child, mapOf, scalar } from './config-node.ts';
import { type LaunchChoice, runsOnFargate } from './launch-choice.ts';
import type { MergedRun } from './merge-run.ts';
import type { Part } from './part.ts';
import { partsOf } from './parts-of.ts';
import { cpuUnits, mebibytes } from './size.ts';
import { largerFargateSize } from './validate/fargate-sizes.ts';
import type { Workspace } from './workspace.ts';

/** Whoever is asked who set a value of these is told that a retry did. */
const ORIGIN = { file: 'retry' };

/** What a task has that says nothing about its size (DESIGN 6). */
const DEFAULT_SIZE = { cpu: 1024, memory: 2048 };

/** The profile that an escalation puts over everything else. */
export function profileParts(
  workspace: Workspace,
  main: string,
  profile: string | undefined,
): Result<readonly Part[], readonly Fault[]> {
  if (profile === undefined) return ok([]);
  const config = mapOf({ profile: scalar(profile, ORIGIN) }, ORIGIN);
  return partsOf(workspace, { name: 'retry', config }, main, {});
}

/** The size that has `2 ** doublings` times the memory of a merged run: on Fargate the smallest that it has, or its largest. */
export function doubledParts(
  workspace: Workspace,
  main: string,
  merged: MergedRun,
  doublings: number,
): Result<readonly Part[], readonly Fault[]> {
  const said = (key: 'cpu' | 'memory') => child(merged.said, key) ?? child(merged.definition, key);
  const cpu = numberOf(said('cpu'), cpuUnits) ?? DEFAULT_SIZE.cpu;
  const memory = numberOf(said('memory'), mebibytes) ?? DEFAULT_SIZE.memory;
  const wanted = { cpu, memory: memory * 2 ** doublings };
  const size = runsOnFargate(merged.choice, merged.definition) ? largerFargateSize(wanted) : wanted;
  const config = mapOf({ cpu: scalar(size.cpu, ORIGIN), memory: scalar(size.memory, ORIGIN) }, ORIGIN);
  return partsOf(workspace, { name: 'retry', config }, main, {});
}

function numberOf(node: ConfigNode | undefined, read: (value: unknown) => number | undefined): number | undefined {
  return node?.kind === 'scalar' ? read(node.value) : undefined;
}

/**
 * The choice without Spot: `FARGATE_SPOT` becomes `FARGATE`, everything else stays. A cluster's own default strategy can only
 * be left by naming another one, so that becomes `FARGATE` too.
 */
export function choiceWithout(merged: MergedRun, { onDemand }: Adjustment): LaunchChoice {
  const { choice, definition } = merged;
  if (!onDemand || choice.kind === 'launchType') return choice;
  const launchType = { ...scalar('FARGATE', ORIGIN), overrode: overrodeBy(choice) };
  if (choice.kind === 'neither') return runsOnFargate(choice, definition) ? { kind: 'launchType', launchType } : choice;
  const providers = choice.strategy.kind === 'list' ? choice.strategy.items : [];
  const isSpot = (item: ConfigNode) => {
    const provider = child(item, 'capacityProvider');
    return provider?.kind === 'scalar' && provider.value === 'FARGATE_SPOT';
  };
  if (!providers.some(isSpot)) return choice;
  const others = providers.filter((item) => !isSpot(item));
  const onDemandOnly = mapOf({ capacityProvider: scalar('FARGATE', ORIGIN), weight: scalar(1, ORIGIN) }, ORIGIN);
  const isNamed = others.some((item) => {
    const weight = child(item, 'weight');
    return weight?.kind === 'scalar' && Number(weight.value) > 0;
  });
  return {
    kind: 'strategy',
    strategy: { kind: 'list', items: isNamed ? others : [onDemandOnly], origin: ORIGIN, overrode: overrodeBy(choice) },
  };
}

function overrodeBy(choice: LaunchChoice): NonNullable<ConfigNode['overrode']> {
  if (choice.kind !== 'strategy') return [];
  return [{ origin: choice.strategy.origin, value: choice.strategy }];
}
