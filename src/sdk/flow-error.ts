import type { StepPlace } from './flow-event.ts';

/** A step has failed for good, and the flow with it. `cause` is what its function has thrown. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly step: string;
  readonly index: number | undefined;
  readonly tries: number;

  constructor({ step, index }: StepPlace, tries: number, cause: unknown) {
    const item = index === undefined ? '' : ` element ${index}`;
    super(`step ${step}${item} failed: ${headOf(cause)}`, { cause });
    this.step = step;
    this.index = index;
    this.tries = tries;
  }
}

/** The flow was stopped from outside before it had ended. All of its functions have returned. */
export class FlowInterrupted extends Error {
  override readonly name = 'FlowInterrupted';
}

/** The time of a try is up. */
export class StepTimeout extends Error {
  override readonly name = 'StepTimeout';
}

/** What was thrown, in one line. */
function headOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text.split('\n', 1)[0] ?? '';
}
