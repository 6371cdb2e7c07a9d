import type { Fault } from '../core/fault.ts';
import { type FinishedRun, type FlowRun, isFinished } from '../core/run.ts';
import { type FlowNotify, type NotifySink, nameOfSink } from './notify-shape.ts';

/** The rules of agent.yaml, and of the flows; a workspace has them. */
export interface NotifyRules {
  readonly agent: { readonly notify: readonly NotifySink[] };
  readonly flows: ReadonlyMap<string, { readonly notify: FlowNotify; readonly file?: string }>;
}

/**
 * Who is to be told of the run's end: the sinks whose own rules say so, and those that its flow names. `hasRecovered` where
 * the run before it had not succeeded, and this one has.
 */
export function sinksOfRun(rules: NotifyRules, run: FlowRun, hasRecovered = false): readonly NotifySink[] {
  if (!isFinished(run)) return [];
  const named = sinksNamedBy(rules, run, hasRecovered);
  return rules.agent.notify.filter((sink) => named.has(nameOfSink(sink)) || isMeant(sink, run, hasRecovered));
}

/** Whether anybody may have to be told, whatever the run before it was. */
export function mayTell(rules: NotifyRules, run: FlowRun): boolean {
  return sinksOfRun(rules, run, isFinished(run) && run.status === 'SUCCEEDED').length > 0;
}

/** The sinks that the rules of the run's flow name for this end, known or not. */
export function sinksNamedBy({ flows }: NotifyRules, run: FinishedRun, hasRecovered: boolean): ReadonlySet<string> {
  const ofFlow = flows.get(run.request.flow)?.notify ?? [];
  return new Set(ofFlow.filter((rule) => isOfEnd(rule, run, hasRecovered)).map(({ to }) => to));
}

/** The flows that name a sink which agent.yaml does not know: nobody would be told. */
export function unknownSinkFaults({ agent, flows }: NotifyRules): readonly Fault[] {
  const known = new Set(agent.notify.map(nameOfSink));
  return [...flows].flatMap(([flow, { notify, file }]) =>
    notify
      .filter(({ to }) => !known.has(to))
      .map(({ to }) => ({
        ...(file === undefined ? {} : { place: { file } }),
        message: `flow "${flow}" tells "${to}", which is no sink of agent.yaml`,
        hint: known.size === 0 ? 'agent.yaml has no notify' : `it knows ${[...known].join(', ')}`,
      })),
  );
}

function isMeant(sink: NotifySink, run: FinishedRun, hasRecovered: boolean): boolean {
  return isOfEnd(sink, run, hasRecovered) && sink.flows.some((pattern) => matches(pattern, run.request.flow));
}

function isOfEnd(
  { when, codes }: Pick<FlowNotify[number], 'when' | 'codes'>,
  { status, reason }: FinishedRun,
  hasRecovered: boolean,
): boolean {
  if (hasRecovered && when.includes('recovered')) return true;
  return when.includes(status) && (codes === undefined || codes.includes(reason.code));
}

/** `*` stands for any characters. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
