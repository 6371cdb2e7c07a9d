import { IN_FLIGHT_SHARDS } from '../../src/core/shards.ts';

/** The share of an agent that watches every run. */
export const ALL_SHARDS = { shards: IN_FLIGHT_SHARDS, watches: () => true, isGone: (_: string) => false };
