import { parseAccessDenied } from '../../src/core/access-denied.ts';
import { isLike } from '../../src/local/iam/like.ts';
import { type LifeOptions, type LifeStory, liveThrough } from './demo-life.ts';
import { nameOf, type Permission, without } from './permission-cells.ts';
import type { Trouble } from './troubles.ts';

/** Whether the first line of trouble has told exactly what was missing. */
export interface CellOutcome {
  readonly name: string;
  /** What is wrong with it; empty if nothing is. */
  readonly faults: readonly string[];
  readonly told: Trouble | undefined;
  readonly ms: number;
}

/** Events that the demo means to happen: it has flows that fail, bad messages, and an outage of its own. */
export const EXPECTED_EVENTS: ReadonlySet<string> = new Set([
  'run.failed',
  'request.rejected',
  'request.not-recorded',
  'worker.failed',
  'worker.interrupted',
]);

/** Lives through the demo without one permission until somebody is told of it, or to the end. */
export async function runCell(permission: Permission, options: LifeOptions = {}): Promise<CellOutcome> {
  const began = performance.now();
  const story = await liveThrough({
    ...options,
    limit: (printed) => without(printed, permission),
    isEnough: (troubles) => troubles.some(isUnexpected),
  });
  const told = story.troubles.find(isUnexpected);
  const ms = Math.round(performance.now() - began);
  return { name: nameOf(permission), faults: faultsOf(permission, told, story), told, ms };
}

/** A line that is not part of the demo's own troubles. */
export function isUnexpected({ where, event, words }: Trouble): boolean {
  return where === 'run' || !EXPECTED_EVENTS.has(event) || words.includes('not authorized');
}

function faultsOf(permission: Permission, told: Trouble | undefined, story: LifeStory): readonly string[] {
  const isMissed = story.judged.some(({ decision }) => decision !== 'allowed');
  if (!isMissed) return ['nobody has asked for it'];
  if (told === undefined) return ['nobody was told'];
  return [
    ...namingFaults(permission, told),
    ...story.lines.filter(hasStack).map((line) => `a stack was printed: ${line}`),
  ];
}

function namingFaults({ action, statement }: Permission, { words, fix, line }: Trouble): readonly string[] {
  const denied = parseAccessDenied(words);
  if (denied === undefined) return [`the first line names no denial: ${line}`];
  const isSameAction = denied.action.toLowerCase() === action.toLowerCase();
  const isItsResource = statement.Resource?.some((pattern) => isLike(denied.resource, pattern)) ?? false;
  return [
    ...(isSameAction ? [] : [`the first line names ${denied.action}: ${line}`]),
    ...(isItsResource ? [] : [`the first line names ${denied.resource}: ${line}`]),
    ...(fix?.includes(`"Action":"${denied.action}"`) ? [] : [`the first line has no next step: ${line}`]),
  ];
}

/** Of a denial: the flow that fails on purpose shows its own. */
function hasStack(line: string): boolean {
  return line.includes('not authorized') && /\bat .+:\d+:\d+/.test(line);
}
