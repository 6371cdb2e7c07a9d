import type { AgentTools } from './agent-tools.ts';
import { addresseesOf } from './notify/addressees.ts';
import { Notifier } from './notify/notifier.ts';
import { sendNotice } from './notify/send-notice.ts';
import { PublishedFlows } from './published-flows.ts';

/** The notifier of an agent. */
export function createNotifier({ aws, table, keeper, common, loop, pace, clock, telling }: AgentTools): Notifier {
  const deps = { publish: aws.publishNotice, now: common.now };
  const flows = new PublishedFlows({ catalogue: aws.flows(table), clock });
  const rules = { workspace: () => keeper.current, flows, store: common.store };
  return new Notifier({
    ...loop,
    outbox: aws.notices(table),
    telling,
    addresseesOf: (run) => addresseesOf(rules, run),
    send: (sink, notice, stop) => sendNotice(deps, sink, notice, stop),
    everyMs: pace.queuedMs,
  });
}
