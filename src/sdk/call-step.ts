import { FlowInterrupted, StepFailed, StepTimeout } from './flow-error.ts';
import type { OutputSource, StepPlace } from './flow-event.ts';
import type { StepNode, StepRetries } from './flow-graph.ts';
import type { FlowPorts } from './flow-ports.ts';
import { reporter } from './report.ts';
import type { AnyStepContext } from './step-context.ts';

/** One call of a step: of the whole step, or for one element. */
export interface StepCall {
  readonly node: StepNode;
  readonly place: StepPlace;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The element, with `mapOver`. */
  readonly item?: unknown;
}

export interface CallResult {
  readonly output: unknown;
  readonly tries: number;
  readonly from: Exclude<OutputSource, 'store'>;
  /** Under which the output is new to the cache. */
  readonly cacheKey?: string;
}

/**
 * Calls a step until it returns, as often as its retries allow; not at all if its cache has the output. Throws
 * {@link StepFailed} or {@link FlowInterrupted}.
 */
export async function callStep(call: StepCall, ports: FlowPorts): Promise<CallResult> {
  const { node, place } = call;
  const cacheKey = cacheKeyOf(call, ports);
  const cached = cacheKey === undefined ? undefined : await ports.store.loadCached(node.name, cacheKey);
  if (cached !== undefined) return { output: cached.output, tries: 0, from: 'cache' };
  for (let tries = 1; ; tries += 1) {
    if (ports.signal.aborted) throw new FlowInterrupted(`step ${node.name} did not begin`);
    ports.emit({ kind: 'try-started', at: ports.clock.now(), ...place, try: tries });
    try {
      const output = await tryOnce(call, tries, ports);
      return { output, tries, from: 'run', ...(cacheKey === undefined ? {} : { cacheKey }) };
    } catch (error) {
      await afterFailure(call, tries, error, ports);
    }
  }
}

/** Waits for the time of the next try, or throws when there is none. */
async function afterFailure({ node, place }: StepCall, tries: number, error: unknown, ports: FlowPorts): Promise<void> {
  const { emit, clock, signal } = ports;
  const failed = { kind: 'try-failed' as const, at: clock.now(), ...place, try: tries, error };
  if (signal.aborted) {
    emit(failed);
    throw new FlowInterrupted(`step ${node.name} was stopped`, { cause: error });
  }
  if (tries > node.retries.max) {
    emit(failed);
    throw new StepFailed(place, tries, error);
  }
  const retryInMs = pauseMs(node.retries, tries, clock.random());
  emit({ ...failed, retryInMs });
  await clock.sleep(retryInMs, signal);
}

/** Milliseconds before the try after `tries`; half of each pause is chance. */
export function pauseMs({ delayMs, factor, maxDelayMs }: StepRetries, tries: number, random: number): number {
  return Math.round(Math.min(delayMs * factor ** (tries - 1), maxDelayMs) * (0.5 + random / 2));
}

function tryOnce(call: StepCall, tries: number, ports: FlowPorts): Promise<unknown> {
  const { limit } = ports;
  const work = async () => {
    // It may have waited for its turn.
    if (ports.signal.aborted) throw new FlowInterrupted(`step ${call.node.name} did not begin`);
    const { timeoutMs } = call.node;
    if (timeoutMs === undefined) return call.node.run(contextOf(call, tries, ports.signal, ports));
    return withinTime(call, tries, timeoutMs, ports);
  };
  return limit === undefined ? work() : limit(work);
}

/** A function that does not listen to its signal goes on in the background; the try has failed all the same. */
async function withinTime(call: StepCall, tries: number, timeoutMs: number, ports: FlowPorts): Promise<unknown> {
  const own = new AbortController();
  const done = new AbortController();
  const passOn = () => own.abort(ports.signal.reason);
  // Not `AbortSignal.any`: what it makes stays known to the run's signal for as long as that lives.
  ports.signal.addEventListener('abort', passOn, { once: true });
  const timeout = async () => {
    await ports.clock.sleep(timeoutMs, done.signal);
    if (done.signal.aborted) return undefined;
    const error = new StepTimeout(`it took longer than ${timeoutMs} ms`);
    own.abort(error);
    throw error;
  };
  try {
    const work = async () => call.node.run(contextOf(call, tries, own.signal, ports));
    return await Promise.race([work(), timeout()]);
  } finally {
    done.abort();
    ports.signal.removeEventListener('abort', passOn);
  }
}

function contextOf(call: StepCall, tries: number, signal: AbortSignal, ports: FlowPorts): AnyStepContext {
  const { place, inputs } = call;
  const { facts, parameters, clock, emit } = ports;
  return {
    ...facts,
    ...(place.index === undefined ? {} : { item: call.item, index: place.index }),
    step: place.step,
    try: tries,
    parameters,
    inputs,
    signal,
    log: ports.logFor({ ...place, try: tries }),
    report: reporter((report) => emit({ kind: 'report', at: clock.now(), ...place, report })),
  };
}

/** A key that cannot be made fails the step: without it nobody knows what its output would stand for. */
function cacheKeyOf({ node, place, inputs, item }: StepCall, { parameters, facts }: FlowPorts): string | undefined {
  if (node.cacheKey === undefined) return undefined;
  try {
    const key: unknown = node.cacheKey({ parameters, flowVersion: facts.flowVersion, step: node.name, inputs, item });
    if (typeof key === 'string' && key !== '') return key;
    throw new TypeError(`cacheKey has to return text, not ${typeof key}`);
  } catch (error) {
    throw new StepFailed(place, 0, error);
  }
}
