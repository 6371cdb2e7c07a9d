import { adviceOn } from './advice.ts';
import type { FinishedRun, LaunchingRun, RunningRun, StartingRun } from './run.ts';
import type { Heartbeat } from './run-details.ts';
import { type Check, cancelStep, seconds, type Why, type WhyFacts, wordsOf } from './why.ts';
import { whyQueued } from './why-queued.ts';
import { SILENT_AFTER_MS } from './worker-silence.ts';

/** A worker gives a sign of life every 15 seconds: four of them are missing then. */
const LATE_BEAT_MS = 60_000;

/** Answers from the record and from the same rules by which agents claim, observe and settle. */
export function whyRun(facts: WhyFacts): Why {
  const { run, now } = facts;
  switch (run.status) {
    case 'QUEUED':
      return whyQueued({ ...facts, run });
    case 'LAUNCHING':
      return whyLaunching(run, now);
    case 'STARTING':
    case 'RUNNING':
      return whyWatched(run, now, facts.heartbeat);
    default:
      return whyFinished(run);
  }
}

function whyLaunching({ runId, status, lease, intent, unplaced, cancel }: LaunchingRun, now: number): Why {
  const cancelled = cancel
    ? [{ isMet: false, what: 'not cancelled', evidence: `cancelled by ${cancel.by}: ${cancel.reason}` }]
    : [];
  const placed = {
    isMet: unplaced === undefined,
    what: 'ECS has room',
    evidence: unplaced ? wordsOf(unplaced.reason) : `asked for a task ${seconds(now - intent.createdAt)} ago`,
  };
  const answer = unplaced
    ? `ECS has placed no task. It is asked again in about ${seconds(unplaced.until - now)}; no attempt is used up.`
    : `${lease.owner} has sent the launch, and its outcome is not on record yet. The same request is repeated until it is.`;
  const advice = unplaced ? [{ step: adviceOn(unplaced.reason), effect: 'so that ECS can place it' }] : [];
  return {
    status,
    checks: [{ isMet: true, what: 'claimed', evidence: `by ${lease.owner}` }, placed, ...cancelled],
    answer: cancel ? 'It ends as soon as it is certain that no task of it runs.' : answer,
    ...(unplaced ? { reason: unplaced.reason } : {}),
    next: cancel ? [] : [...advice, cancelStep(runId)],
  };
}

function whyWatched(run: StartingRun | RunningRun, now: number, heartbeat: Heartbeat | undefined): Why {
  const { runId, status, task, cancel, stopping, intent } = run;
  const ending = cancel ? `cancelled by ${cancel.by}: ${cancel.reason}` : stopping && wordsOf(stopping.reason);
  const begun = run.status === 'RUNNING';
  const limitMs = begun ? intent.policy.runTimeoutMs : intent.policy.startTimeoutMs;
  const since = begun ? run.startedAt : task.launchedAt;
  const checks: Check[] = [
    { isMet: true, what: 'a task', evidence: `${task.taskArn}, ${task.lastStatus ?? 'accepted by ECS'}` },
    { isMet: begun, what: 'our code has begun', evidence: begun ? `${seconds(now - since)} ago` : 'not yet' },
    ...signOfLife(run, now, heartbeat),
    { isMet: ending === undefined, what: 'not being stopped', evidence: ending ?? 'nobody wants it to stop' },
  ];
  const until = limitMs === undefined ? '' : ` It is stopped if that takes longer than ${seconds(limitMs)}.`;
  const answer = ending ? 'It ends when ECS says that its task has stopped.' : watchedWords(run) + until;
  return {
    status,
    checks,
    answer,
    next: ending ? [] : [{ step: `slipway logs ${runId}`, effect: 'its output' }, cancelStep(runId)],
  };
}

/** By the worker's clock, which may differ from ours: agents judge by the number, and only after {@link SILENT_AFTER_MS}. */
function signOfLife(run: StartingRun | RunningRun, now: number, heartbeat: Heartbeat | undefined): readonly Check[] {
  if (heartbeat === undefined || run.status !== 'RUNNING' || heartbeat.attempt !== run.attempt) return [];
  const ageMs = now - heartbeat.at;
  const late = `; its task is stopped after ${seconds(SILENT_AFTER_MS)} without one`;
  const isMet = ageMs < LATE_BEAT_MS;
  const evidence = `number ${heartbeat.count}, ${seconds(ageMs)} ago${isMet ? '' : late}`;
  return [{ isMet, what: 'its worker gives signs of life', evidence }];
}

function watchedWords(run: StartingRun | RunningRun): string {
  if (run.status === 'STARTING')
    return 'ECS is starting its task: provisioning, pulling the image, starting the container.';
  return run.result
    ? 'The worker has said its last word; ECS has yet to say that the task has stopped.'
    : 'Its code runs.';
}

function whyFinished({ runId, status, reason, attempt, attempts }: FinishedRun): Why {
  const tried = attempts.map(({ attempt: number, reason: cause, retriedAs }) => ({
    isMet: cause.code === 'SUCCEEDED',
    what: `attempt ${number}`,
    evidence: `${wordsOf(cause)}${retriedAs === undefined ? '' : '; tried again'}`,
  }));
  const answer =
    status === 'SUCCEEDED'
      ? 'It has come to a good end.'
      : `It has ended, after ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}: ${reason.message}`;
  const look = [
    { step: `slipway logs ${runId}`, effect: 'its output' },
    { step: `slipway trace ${runId}`, effect: 'what happened when' },
  ];
  const mend = status === 'SUCCEEDED' ? [] : [{ step: adviceOn(reason), effect: `what ${reason.code} calls for` }];
  return {
    status,
    checks: tried,
    answer,
    reason,
    next: [...mend, ...(attempts.some(({ taskArn }) => taskArn) ? look : [])],
  };
}
