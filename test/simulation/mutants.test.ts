import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import { DIRECTED } from './directed-scenarios.ts';
import { MUTANTS } from './mutants.ts';
import { simulate } from './world.ts';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

describe('worlds with a defence switched off', () => {
  it.each(MUTANTS)('the checker notices that "$name" is off', async (mutant) => {
    const violations = checkStory(await simulate(DIRECTED[mutant.killedIn], mutant));
    expect(violations.map(({ invariant }) => invariant)).toContain(mutant.breaks);
  });

  it.each(MUTANTS)('README.md says what kills "$name"', ({ name, killedIn, breaks }) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| ${name} |`));
    expect(row).toContain(`| ${killedIn} | ${breaks} |`);
  });
});
