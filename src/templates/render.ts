import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { LaunchPlan, PlannedDefinition, PlannedRunTask } from '../core/launch-plan.ts';
import { clientTokenOf, startedByOf } from '../core/run-identity.ts';
import { toJson } from './config-node.ts';
import type { FinishedDefinition } from './finish-definition.ts';
import type { RunConfig } from './resolve.ts';

/** What makes an attempt's launch one of its kind. */
export interface LaunchIdentity {
  readonly runId: string;
  readonly attempt: number;
  readonly placement: number;
}

const INPUTS = new WeakMap<FinishedDefinition, RegisterTaskDefinitionCommandInput>();

/** The two requests as ECS takes them. Equal input gives equal plans. */
export function render(config: RunConfig, identity: LaunchIdentity): LaunchPlan {
  const { cluster, container, worker, uploads, flow } = config;
  // The shape was checked against the ECS model: from here on it is the SDK's.
  const runTask = toJson(config.runTask) as Omit<PlannedRunTask, 'cluster' | 'clientToken' | 'startedBy'>;
  return {
    definition: definitionOf(config),
    runTask: {
      ...runTask,
      cluster,
      clientToken: clientTokenOf({ cluster, ...identity }),
      startedBy: startedByOf(identity),
    },
    container,
    worker,
    ...(flow.pipes === undefined || worker ? {} : { pipes: flow.pipes }),
    uploads,
  };
}

function definitionOf({ definition }: RunConfig): PlannedDefinition {
  if (definition.kind === 'named') return { kind: 'named', taskDefinition: String(definition.taskDefinition.value) };
  const { finished } = definition;
  const input = INPUTS.get(finished) ?? (toJson(finished.node) as unknown as RegisterTaskDefinitionCommandInput);
  INPUTS.set(finished, input);
  return { kind: 'register', family: finished.family, hash: finished.hash, input };
}
