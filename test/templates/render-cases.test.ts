import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { effectiveView, faultsOf, firstDifference } from '../golden/conformance/effective-view.mjs';
import { type LaunchCase, planCase, rendered } from './render-launch.ts';

interface Expectation {
  readonly effective?: Record<string, unknown>;
  readonly nowhere?: readonly string[];
  readonly error?: { readonly messageIncludes?: readonly string[]; readonly messageIncludesAny?: readonly string[] };
  readonly anyOf?: readonly Expectation[];
}

interface Case extends LaunchCase {
  readonly id: string;
  readonly mainContainer?: string;
  readonly expect: Expectation;
}

const corpus = new URL('../golden/conformance/render-cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(corpus, 'utf8').replaceAll('$CASE_DIR', '/case')) as {
  cases: readonly Case[];
};

describe('the conformance corpus', () => {
  it.each(cases)('$id renders as the corpus says', async (one) => {
    const plan = await planCase({ ...one, folder: '/case/' });
    const said = plan.ok ? JSON.stringify(rendered(plan.value)) : plan.error.map(formatFault).join('\n');
    expect(verdict(one.expect, one, plan.ok, said)).toBeUndefined();
  });

  it('is there in full', () => {
    expect(cases.length).toBeGreaterThanOrEqual(311);
  });
});

/** Why the case fails, or undefined. */
function verdict(wanted: Expectation, one: Case, launched: boolean, said: string): string | undefined {
  if (wanted.anyOf) {
    const reasons = wanted.anyOf.map((other) => verdict(other, one, launched, said));
    return reasons.includes(undefined) ? undefined : reasons.join(' | or | ');
  }
  return wanted.error ? refusalVerdict(wanted.error, launched, said) : launchVerdict(wanted, one, launched, said);
}

function refusalVerdict(error: NonNullable<Expectation['error']>, launched: boolean, said: string): string | undefined {
  if (launched) return 'expected an error, got a launch';
  const missing = (error.messageIncludes ?? []).find((text) => !said.includes(text));
  if (missing !== undefined) return `the faults lack ${missing}: ${said}`;
  const any = error.messageIncludesAny ?? [];
  return any.length > 0 && !any.some((text) => said.includes(text))
    ? `the faults have none of ${any.join(', ')}: ${said}`
    : undefined;
}

function launchVerdict(wanted: Expectation, one: Case, launched: boolean, said: string): string | undefined {
  if (!launched) return said;
  const plan: unknown = JSON.parse(said);
  const [fault] = faultsOf(plan);
  if (fault) return fault;
  const forbidden = (wanted.nowhere ?? []).find((text) => said.includes(text));
  if (forbidden !== undefined) return `${forbidden} appears in the launch`;
  return firstDifference(wanted.effective ?? {}, effectiveView(plan, one.mainContainer));
}
