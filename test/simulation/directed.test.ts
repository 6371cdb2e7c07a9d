import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import { DIRECTED } from './directed-scenarios.ts';
import { printViolations } from './print-history.ts';
import { simulate } from './world.ts';

describe('worlds made by hand', () => {
  it.each(Object.entries(DIRECTED))('everything holds in: %s', async (_name, scenario) => {
    const story = await simulate(scenario);
    expect(printViolations(checkStory(story))).toBe('');
    expect(story.convergedAt).toBeDefined();
  });
});
