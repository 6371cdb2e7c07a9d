import { factsOf, type Invariant, type Violation } from './facts.ts';
import { agentsLive } from './invariants/agents-live.ts';
import { attemptsCounted } from './invariants/attempts-counted.ts';
import { cancelIsFinal } from './invariants/cancel-is-final.ts';
import { deletedAfterRecord } from './invariants/deleted-after-record.ts';
import { intentFirst } from './invariants/intent-first.ts';
import { limitsKept } from './invariants/limits-kept.ts';
import { noLeaks } from './invariants/no-leaks.ts';
import { nothingLost } from './invariants/nothing-lost.ts';
import { oneTaskPerAttempt } from './invariants/one-task-per-attempt.ts';
import { orderGrows } from './invariants/order-grows.ts';
import { terminalForEver } from './invariants/terminal-for-ever.ts';
import { tokenDiscipline } from './invariants/token-discipline.ts';
import { trueFailure } from './invariants/true-failure.ts';
import { trueSuccess } from './invariants/true-success.ts';
import { userCodeOnce } from './invariants/user-code-once.ts';
import type { Story } from './story.ts';

/** Everything that must hold in every world. What is missing of I1–I17, and why, is in README.md. */
export const INVARIANTS: readonly Invariant[] = [
  oneTaskPerAttempt,
  userCodeOnce,
  terminalForEver,
  nothingLost,
  deletedAfterRecord,
  trueSuccess,
  trueFailure,
  noLeaks,
  orderGrows,
  intentFirst,
  tokenDiscipline,
  cancelIsFinal,
  attemptsCounted,
  agentsLive,
  limitsKept,
];

/** All violations in a story, in the order of time. */
export function checkStory(story: Story): readonly Violation[] {
  const facts = factsOf(story);
  return INVARIANTS.flatMap((invariant) => invariant(facts)).sort((a, b) => a.at - b.at);
}
