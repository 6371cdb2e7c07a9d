import type { SupervisedStage } from './supervised-stage.ts';

export interface RestartReport {
  readonly restarts: number;
  readonly sent: number;
  readonly succeeded: number;
  /** Runs whose program has not run. */
  readonly lost: number;
  /** Runs whose program has run more than once. */
  readonly doubled: number;
  /** Messages that are left in the queue. */
  readonly leftOver: number;
}

/** Restarts the agent again and again while messages come in, then waits until everything has ended. */
export async function restartUnderLoad(staged: SupervisedStage, restarts: number): Promise<RestartReport> {
  const { supervisor, stage } = staged;
  let sending = true;
  const sender = (async () => {
    while (sending) {
      await staged.send();
      await new Promise((wake) => setTimeout(wake, 100));
    }
  })();
  try {
    for (let i = 0; i < restarts; i += 1) await supervisor.restart();
  } finally {
    sending = false;
    await sender;
  }
  const runs = await staged.untilEnded(staged.sent, 120_000);
  const counts = staged.executions();
  return {
    restarts,
    sent: staged.sent,
    succeeded: runs.filter(({ status, attempt }) => status === 'SUCCEEDED' && attempt === 1).length,
    lost: staged.sent - counts.size,
    doubled: [...counts.values()].filter((count) => count > 1).length,
    leftOver: await stage.depth(),
  };
}
