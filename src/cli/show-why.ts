import type { FlowRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import type { FullSlot } from '../core/slots.ts';
import { whyRun } from '../core/why-run.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore, openDetails, openFleet } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { whyText } from './print-why.ts';

export interface ShowWhyFlags extends ConnectionFlags {
  readonly run: string;
  readonly output: string;
}

/** Prints what a run waits for or why it ended: from its record, the agents and the limits as they are now. */
export async function showWhy(flags: ShowWhyFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { store, connection } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, clock.now());
  const { agents } = await (await openFleet(connection)).read();
  const isRunning = run.status === 'RUNNING' && run.intent.worker;
  const heartbeat = isRunning ? await (await openDetails(connection)).heartbeat(run.runId) : undefined;
  const now = clock.now();
  const answer = whyRun({ run, now, agents, limits: await limitsOf(store, run), heartbeat });
  const { runId, request } = run;
  const isJson = flags.output === 'json';
  terminal.data(
    isJson
      ? JSON.stringify({ runId, flow: request.flow, ...answer }, null, 2)
      : whyText(run, answer, terminal.dataStyle, now),
  );
  return EXIT.ok;
}

/** The limits of a queued run, with their holders. */
function limitsOf(store: RunStore, run: FlowRun): Promise<readonly FullSlot[]> {
  const slots = run.status === 'QUEUED' ? (run.slots ?? []) : [];
  return Promise.all(slots.map(async (slot) => ({ ...slot, holders: await store.slotHolders(slot.key) })));
}
