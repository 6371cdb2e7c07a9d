import type { Fault } from '../../core/fault.ts';
import { child, itemsOf, type MapNode, textOf } from '../config-node.ts';
import type { FlowDefinition } from '../flow-definition.ts';
import { containerNamed } from '../part.ts';

/** The two variables that clients of Dagster Pipes look for. */
const PIPES_VARIABLES = ['DAGSTER_PIPES_CONTEXT', 'DAGSTER_PIPES_MESSAGES'];

/**
 * The worker gives its program pipes, and records what comes through them: whatever sends a program's messages elsewhere
 * would leave them out of the run's record without a word.
 */
export function workerPipesFaults(
  { document, pipes }: FlowDefinition,
  main: string,
  definition: MapNode | undefined,
  overrides: MapNode,
): readonly Fault[] {
  const said = pipes === undefined ? undefined : child(document, 'pipes');
  const containers = [
    definition && containerNamed(definition, main),
    ...itemsOf(overrides, 'containerOverrides').filter((container) => textOf(container, 'name') === main),
  ];
  const variables = containers
    .flatMap((container) => itemsOf(container, 'environment'))
    .filter((entry) => PIPES_VARIABLES.includes(textOf(entry, 'name') ?? ''));
  const hint = 'leave it out: the worker gives its program both variables';
  return [
    ...(said === undefined
      ? []
      : [{ place: said.origin, message: `pipes: ${pipes} is for containers without the worker`, hint }]),
    ...variables.map((entry) => ({
      place: child(entry, 'name')?.origin ?? entry.origin,
      message: `${textOf(entry, 'name')} cannot be set where the worker runs the program`,
      hint,
    })),
  ];
}
