import type { FlowRun } from '../../src/core/run.ts';

/** What happened, as a witness outside of all programs saw it. Only facts: what a caller was told is not one. */
export type Happening =
  | {
      readonly kind: 'sent';
      readonly messageId: string;
      readonly runId: string;
      readonly rejectedId: string;
      readonly body: string;
      readonly bodyHash: string | undefined;
    }
  | { readonly kind: 'received'; readonly messageId: string }
  | { readonly kind: 'deleted'; readonly messageId: string }
  | { readonly kind: 'dead-lettered'; readonly messageId: string }
  /** A version of a run's record, durable from now on. */
  | { readonly kind: 'put'; readonly run: FlowRun }
  | { readonly kind: 'registered'; readonly arn: string }
  /** A RunTask request has left its sender. */
  | {
      readonly kind: 'launch-sent';
      readonly startedBy: string;
      readonly token: string;
      readonly requestHash: string;
      readonly clock: number;
    }
  /** ECS has made a task. */
  | {
      readonly kind: 'task-made';
      readonly startedBy: string;
      readonly token: string;
      readonly taskArn: string;
      readonly travelledMs: number;
      readonly besideFailure: boolean;
      /** From this moment on ECS describes and lists it. */
      readonly shownAt: number;
    }
  | { readonly kind: 'stop-asked'; readonly taskArn: string; readonly reason: string }
  | { readonly kind: 'exec-begin'; readonly startedBy: string; readonly taskArn: string; readonly isWorker: boolean }
  | {
      readonly kind: 'exec-end';
      readonly startedBy: string;
      readonly taskArn: string;
      readonly isWorker: boolean;
      readonly isOk: boolean;
    }
  | { readonly kind: 'exited'; readonly taskArn: string; readonly exitCode: number }
  | {
      readonly kind: 'task-stopped';
      readonly startedBy: string;
      readonly taskArn: string;
      readonly stopCode: string;
      readonly reason: string;
      readonly exitCode: number | undefined;
    }
  | { readonly kind: 'started'; readonly text: string }
  | { readonly kind: 'killed'; readonly text: string }
  | { readonly kind: 'ended'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'world'; readonly text: string };

export type SimEvent = Happening & {
  /** Epoch milliseconds of the one true clock. */
  readonly at: number;
  /** Whose doing it was. */
  readonly by: string;
};

export class History {
  readonly events: SimEvent[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(by: string, happening: Happening): void {
    this.events.push({ ...happening, at: this.#now(), by });
  }
}
