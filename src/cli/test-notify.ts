import { sendNotice } from '../agent/notify/send-notice.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { type Notice, noticeOf } from '../core/notice.ts';
import type { FinishedRun } from '../core/run.ts';
import { stopOnSignals } from '../service/stop-on-signals.ts';
import { type NotifySink, nameOfSink } from '../templates/notify-shape.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openWorkspace, type WorkspaceFlags } from './open-launch.ts';
import { printable } from './printable.ts';
import { UserError } from './user-error.ts';

export interface TestNotifyFlags extends WorkspaceFlags {
  readonly sink?: string | undefined;
  readonly output: string;
}

interface Outcome {
  readonly sink: string;
  readonly to: NotifySink['to'];
  readonly ok: boolean;
  readonly error: string | null;
}

/** Sends each meant sink a notice that says that it is a test; fails if one of them did not take it. */
export async function testNotify(flags: TestNotifyFlags, context: CliContext): Promise<number> {
  const { terminal, clock, signals } = context;
  const { workspace, aws } = await openWorkspace(flags, context);
  const sinks = meantSinks(workspace.agent.notify, flags.sink);
  const { connectAws } = await import('../agent/connect-aws.ts');
  const deps = { publish: connectAws(aws).publishNotice, now: () => clock.now() };
  const { stop, release } = stopOnSignals(signals);
  const send = (sink: NotifySink) =>
    outcomeOf(sink, sendNotice(deps, sink, testNotice(nameOfSink(sink), clock.now()), stop.signal));
  const outcomes = await Promise.all(sinks.map(send)).finally(release);
  terminal.data(flags.output === 'json' ? JSON.stringify(outcomes, null, 2) : outcomes.map(lineOf).join('\n'));
  return outcomes.every(({ ok }) => ok) ? EXIT.ok : EXIT.config;
}

function lineOf({ sink, to, ok, error }: Outcome): string {
  return `${ok ? 'OK' : 'NG'}  ${sink} (${to})${error === null ? '' : `  ${printable(error)}`}`;
}

async function outcomeOf(sink: NotifySink, sending: Promise<void>): Promise<Outcome> {
  const facts = { sink: nameOfSink(sink), to: sink.to };
  try {
    await sending;
    return { ...facts, ok: true, error: null };
  } catch (error) {
    return { ...facts, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function meantSinks(sinks: readonly NotifySink[], name: string | undefined): readonly NotifySink[] {
  const meant = name === undefined ? sinks : sinks.filter((sink) => nameOfSink(sink) === name);
  if (meant.length > 0) return meant;
  const near = name === undefined ? undefined : didYouMean(name, sinks.map(nameOfSink));
  const known =
    sinks.length === 0 ? 'agent.yaml has no notify' : `agent.yaml knows ${sinks.map(nameOfSink).join(', ')}`;
  throw new UserError(name === undefined ? 'there is no sink to tell' : `there is no sink "${name}"`, {
    exitCode: EXIT.notFound,
    next: near === undefined ? known : `did you mean "${near}"?`,
  });
}

/** Another key each time: a receiver that drops repeats must not drop this one. */
function testNotice(sink: string, now: number): Notice {
  const request = { flow: 'slipway-test', flowVersion: '1', org: 'default', parameters: {}, runConfig: {}, labels: [] };
  const run: FinishedRun = {
    runId: `test-${now}`,
    version: 1,
    request: { ...request, priority: 0, trigger: { source: 'notify test' }, metadata: {} },
    bodyHash: '',
    requestedAt: now,
    attempt: 1,
    attempts: [],
    history: [],
    status: 'FAILED',
    finishedAt: now,
    reason: { code: 'EXIT_CODE', message: 'nothing has happened: this is "slipway notify test"' },
  };
  return { ...noticeOf(request.flow, [run], sink), isTest: true };
}
