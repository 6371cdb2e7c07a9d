import { type CallResult, callStep } from './call-step.ts';
import { FlowInterrupted, StepFailed } from './flow-error.ts';
import type { OutputSource, StepPlace } from './flow-event.ts';
import type { StepNode } from './flow-graph.ts';
import type { FlowPorts } from './flow-ports.ts';
import type { StepStore } from './step-store.ts';

/** What earlier steps have put out, by their names. */
export type Outputs = ReadonlyMap<string, unknown>;

interface StepEnd {
  readonly output: unknown;
  readonly tries: number;
  readonly from: OutputSource;
}

/** Whether something new may begin: not once anything has failed, or the run is to stop. */
export type MayBegin = () => boolean;

/** Runs a step, or takes its output from where an earlier attempt has kept it. Resolves to the output, which is kept then. */
export async function runStep(
  node: StepNode,
  outputs: Outputs,
  ports: FlowPorts,
  mayBegin: MayBegin,
): Promise<unknown> {
  const { clock, emit } = ports;
  const began = clock.monotonic();
  const ms = (): number => Math.round(clock.monotonic() - began);
  try {
    const { output, ...end } = await outputOf(node, outputs, ports, mayBegin);
    emit({ kind: 'step-finished', at: clock.now(), step: node.name, ms: ms(), ...end });
    return output;
  } catch (error) {
    if (error instanceof StepFailed) {
      const { index, tries, cause } = error;
      const place = index === undefined ? { step: node.name } : { step: node.name, index };
      emit({ kind: 'step-failed', at: clock.now(), ...place, ms: ms(), tries, error: cause });
    }
    throw error;
  }
}

async function outputOf(node: StepNode, outputs: Outputs, ports: FlowPorts, mayBegin: MayBegin): Promise<StepEnd> {
  const { store, clock, emit } = ports;
  const kept = await store.load(node.name);
  const inputs = Object.fromEntries(Object.entries(node.inputs).map(([name, step]) => [name, outputs.get(step)]));
  if (kept === undefined && node.mapOver !== undefined) {
    return mapItems(node, inputs, listOf(node, outputs.get(node.mapOver)), ports, mayBegin);
  }
  emit({ kind: 'step-started', at: clock.now(), step: node.name });
  if (kept !== undefined) return { output: kept.output, tries: 0, from: 'store' };
  const place = { step: node.name };
  const result = await callStep({ node, place, inputs }, ports);
  const output = await keep(place, result, store, () => store.save(node.name, result.output));
  return { output, tries: result.tries, from: result.from };
}

/** Calls the step for every element that no earlier attempt has finished, so many at once as it allows. */
async function mapItems(
  node: StepNode,
  inputs: Readonly<Record<string, unknown>>,
  items: readonly unknown[],
  ports: FlowPorts,
  mayBegin: MayBegin,
): Promise<StepEnd> {
  const { store, clock, emit } = ports;
  const kept = await store.loadItems(node.name);
  emit({ kind: 'step-started', at: clock.now(), step: node.name, items: items.length, kept: kept.size });
  const outputs = items.map((_, index) => kept.get(index));
  const missing = [...items.keys()].filter((index) => !kept.has(index));
  const waiting = missing.values();
  const failures: unknown[] = [];
  let made = 0;
  let tries = 0;
  const lane = async () => {
    for (const index of waiting) {
      if (failures.length > 0 || !mayBegin()) return;
      try {
        const done = await runItem(node, inputs, items[index], index, ports);
        made += 1;
        tries += done.tries;
        outputs[index] = done.output;
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(node.concurrency, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  if (made < missing.length) throw new FlowInterrupted(`step ${node.name} was stopped before its last element`);
  return { output: await store.save(node.name, outputs), tries, from: 'run' };
}

async function runItem(
  node: StepNode,
  inputs: Readonly<Record<string, unknown>>,
  item: unknown,
  index: number,
  ports: FlowPorts,
): Promise<{ readonly output: unknown; readonly tries: number }> {
  const { clock, store, emit } = ports;
  const began = clock.monotonic();
  const place = { step: node.name, index };
  const result = await callStep({ node, place, inputs, item }, ports);
  const output = await keep(place, result, store, () => store.saveItem(node.name, index, result.output));
  const { tries, from } = result;
  const ms = Math.round(clock.monotonic() - began);
  emit({ kind: 'item-finished', at: clock.now(), ...place, ms, tries, from });
  return { output, tries };
}

/** An output that cannot be serialised is the step's failure; a store that cannot be reached is nobody's fault in the flow. */
async function keep(
  place: StepPlace,
  { output, tries, cacheKey }: CallResult,
  store: StepStore,
  save: () => Promise<unknown>,
): Promise<unknown> {
  try {
    if (cacheKey !== undefined) await store.saveCached(place.step, cacheKey, output);
    return await save();
  } catch (error) {
    // By its name: the flow's artifact may have another copy of the class.
    if (!(error instanceof Error) || error.name !== 'SerializerError') throw error;
    throw new StepFailed(place, tries, error);
  }
}

function listOf(node: StepNode, output: unknown): readonly unknown[] {
  if (Array.isArray(output)) return output;
  const cause = new TypeError(`mapOver needs a list, and step ${node.mapOver} has put out ${wordOf(output)}`);
  throw new StepFailed({ step: node.name }, 0, cause);
}

function wordOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
