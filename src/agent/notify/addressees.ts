import { type FinishedRun, type FlowRun, isFinished } from '../../core/run.ts';
import type { RunStore } from '../../core/run-store.ts';
import { type NotifySink, nameOfSink } from '../../templates/notify-shape.ts';
import { mayTell, type NotifyRules, sinksNamedBy, sinksOfRun } from '../../templates/sinks-of-run.ts';
import type { Workspace } from '../../templates/workspace.ts';
import { type PublishedFlows, wantedFlow } from '../published-flows.ts';

/** Whom the end of a run is to be told to. */
export interface Addressees {
  readonly sinks: readonly NotifySink[];
  /** Names of sinks that its flow's rules name, and agent.yaml does not know. */
  readonly unknown: readonly string[];
  /** The flow's run before it had not succeeded, and this one has. */
  readonly hasRecovered: boolean;
}

export interface AddresseesDeps {
  readonly workspace: () => Workspace;
  readonly flows: Pick<PublishedFlows, 'find'>;
  readonly store: Pick<RunStore, 'list'>;
}

/** So many earlier runs of the flow are looked at for one that has ended. */
const LOOK_BACK = 20;

/** Finds the rules of the run's flow, published ones included, and what they say. Rejects when the table cannot be asked. */
export async function addresseesOf({ workspace, flows, store }: AddresseesDeps, run: FinishedRun): Promise<Addressees> {
  const rules = await rulesFor(workspace(), flows, run);
  const hasRecovered = run.status === 'SUCCEEDED' && mayTell(rules, run) && (await followsTrouble(store, run));
  return { sinks: sinksOfRun(rules, run, hasRecovered), unknown: unknownOf(rules, run, hasRecovered), hasRecovered };
}

/** A run that was never launched has no flow but by its name, which anybody may have made up. */
async function rulesFor(
  workspace: Workspace,
  flows: Pick<PublishedFlows, 'find'>,
  run: FinishedRun,
): Promise<NotifyRules> {
  if (workspace.flows.has(run.request.flow) || run.intent === undefined) return workspace;
  const found = await flows.find(workspace, wantedFlow(run));
  return found.ok ? found.value.workspace : workspace;
}

async function followsTrouble(store: Pick<RunStore, 'list'>, { runId, request, requestedAt }: FinishedRun) {
  const { runs } = await store.list({ flow: request.flow, until: requestedAt, limit: LOOK_BACK });
  const before = runs.find((run) => run.runId !== runId && isFinished(run) && run.status !== 'CANCELLED');
  return before !== undefined && isTrouble(before);
}

function isTrouble({ status }: FlowRun): boolean {
  return status === 'FAILED' || status === 'CRASHED' || status === 'EXPIRED';
}

function unknownOf(rules: NotifyRules, run: FinishedRun, hasRecovered: boolean): readonly string[] {
  const known = new Set(rules.agent.notify.map(nameOfSink));
  return [...sinksNamedBy(rules, run, hasRecovered)].filter((name) => !known.has(name));
}
