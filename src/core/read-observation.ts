import { isJsonMap, type Json, ownValue } from './json.ts';
import type { ObservedContainer, ObservedTask } from './observation.ts';

const NUMBERS = [
  'createdAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppingAt',
  'stoppedAt',
  'cpu',
  'memory',
  'ephemeralStorage',
] as const;
const TEXTS = ['stopCode', 'stoppedReason', 'architecture', 'launchType', 'capacityProvider'] as const;

/** The last word of ECS on a task as a record keeps it; undefined for what is none. */
export function readObservation(kept: Json | undefined): ObservedTask | undefined {
  if (kept === undefined || !isJsonMap(kept)) return undefined;
  const [taskArn, lastStatus, containers] = ['taskArn', 'lastStatus', 'containers'].map((key) => ownValue(kept, key));
  if (typeof taskArn !== 'string' || typeof lastStatus !== 'string') return undefined;
  const numbers = NUMBERS.flatMap((key) => {
    const value = ownValue(kept, key);
    return typeof value === 'number' ? [[key, value] as const] : [];
  });
  const texts = TEXTS.flatMap((key) => {
    const value = ownValue(kept, key);
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  return {
    taskArn,
    lastStatus,
    containers: Array.isArray(containers) ? containers.flatMap(containerOf) : [],
    ...Object.fromEntries(numbers),
    ...Object.fromEntries(texts),
  };
}

function containerOf(kept: Json): readonly ObservedContainer[] {
  if (!isJsonMap(kept)) return [];
  const [name, exitCode] = [ownValue(kept, 'name'), ownValue(kept, 'exitCode')];
  return [{ name: String(name), ...(typeof exitCode === 'number' ? { exitCode } : {}) }];
}
