import type { SupervisedStage } from './supervised-stage.ts';

/** Takes AWS away for so long; resolves to whether the same process was up all the time and ended a run after it. */
export async function sayAwsAway(
  staged: SupervisedStage,
  awayMs: number,
  say: (line: string) => void,
): Promise<boolean> {
  const { supervisor, gate } = staged;
  await staged.send();
  await staged.untilEnded(1);
  const before = await supervisor.pid();
  await gate.shut();
  await staged.send();
  say(`AWS is away for ${awayMs / 1000} s; the agent is process ${before}`);
  await new Promise((wake) => setTimeout(wake, awayMs));
  const state = await supervisor.state();
  const failing = await staged.failing();
  const isSame = (await supervisor.pid()) === before;
  say(`after that it is ${state}, ${isSame ? 'the same process' : 'another process'}; /readyz: ${failing.join(', ')}`);
  await gate.open();
  await staged.untilEnded(2, 120_000);
  say('AWS is back: the run that waited has ended');
  return state === 'RUNNING' && isSame && failing.length > 0 && (await supervisor.pid()) === before;
}
