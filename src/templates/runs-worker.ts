import { type MapNode, textOf } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { containerNamed } from './part.ts';

/** Whether the main container runs the Slipway worker: the flow says so, has an artifact, or the image is the worker's. */
export function runsWorker(flow: FlowDefinition, definition: MapNode | undefined, main: string): boolean {
  if (flow.worker !== undefined) return flow.worker;
  return flow.artifact !== undefined || isWorkerImage(definition && textOf(containerNamed(definition, main), 'image'));
}

/** By its name: `…/slipway-worker:1.4` or `…/team-slipway-worker@sha256:…`. */
function isWorkerImage(image: string | undefined): boolean {
  const repository = image?.split('/').at(-1)?.split(/[:@]/)[0] ?? '';
  return repository === 'slipway-worker' || repository.endsWith('-slipway-worker');
}
