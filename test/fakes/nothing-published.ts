import { PublishedFlows } from '../../src/agent/published-flows.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryFlowCatalogue } from './memory-flow-catalogue.ts';

/** A catalogue in which there are only the flows of YAML files. */
export function nothingPublished(): PublishedFlows {
  return new PublishedFlows({ catalogue: new MemoryFlowCatalogue(), clock: new ManualClock() });
}
