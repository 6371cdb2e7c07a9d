import { expect, it } from 'vitest';
import { labelsMatch } from '../../src/core/labels-match.ts';

const agent = (labels: readonly string[], strictLabels = false) => ({ labels, strictLabels });

it('a run goes to an agent that has all of its labels', () => {
  expect(labelsMatch(agent(['prod', 'us']), ['us'])).toBe(true);
  expect(labelsMatch(agent(['prod']), ['prod', 'us'])).toBe(false);
  expect(labelsMatch(agent([]), ['us'])).toBe(false);
});

it('an unlabelled run goes to any agent, or to unlabelled ones only where agents are strict', () => {
  expect(labelsMatch(agent(['prod']), [])).toBe(true);
  expect(labelsMatch(agent(['prod'], true), [])).toBe(false);
  expect(labelsMatch(agent([], true), [])).toBe(true);
});
