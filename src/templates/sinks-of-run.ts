import type { Fault } from '../core/fault.ts';
import { type FinishedRun, type FlowRun, isFinished } from '../core/run.ts';
import { type FlowNotify, type NotifySink, nameOfSink } from './notify-shape.ts';

/** The rules of agent.yaml, and of the flows; a workspace has them. */
export interface NotifyRules {
  readonly agent: { readonly notify: readonly NotifySink[] };
  readonly flows: ReadonlyMap<string, { readonly notify: FlowNotify; readonly file?: string }>;
}

/** Who is to be told of the run's end: the sinks whose own rules say so, and those that its flow names. */
export function sinksOfRun({ agent, flows }: NotifyRules, run: FlowRun): readonly NotifySink[] {
  if (!isFinished(run)) return [];
  const ofFlow = flows.get(run.request.flow)?.notify ?? [];
  const named = new Set(ofFlow.filter((rule) => rule.when.includes(run.status)).map(({ to }) => to));
  return agent.notify.filter((sink) => named.has(nameOfSink(sink)) || isMeant(sink, run));
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

function isMeant({ when, flows }: NotifySink, { status, request }: FinishedRun): boolean {
  return when.includes(status) && flows.some((pattern) => matches(pattern, request.flow));
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
