import { IN_FLIGHT_SHARDS } from '../core/shards.ts';
import { sinksOfRun } from '../templates/sinks-of-run.ts';
import type { AgentTools } from './agent-tools.ts';
import { Notifier } from './notify/notifier.ts';
import { sendNotice } from './notify/send-notice.ts';
import type { ShardKeeper } from './shard-keeper.ts';

/** The notifier of an agent. Whoever watches the first shard tells: there is one, and another takes over when it dies. */
export function createNotifier(
  { aws, table, keeper, common, loop, pace }: AgentTools,
  shards: Pick<ShardKeeper, 'shards'>,
): Notifier {
  const deps = { publish: aws.publishNotice, now: common.now };
  return new Notifier({
    ...loop,
    outbox: aws.notices(table),
    isTeller: () => shards.shards.some((shard) => shard === IN_FLIGHT_SHARDS[0]),
    sinks: () => keeper.current.agent.notify,
    sinksOf: (run) => sinksOfRun(keeper.current, run),
    send: (sink, notice, stop) => sendNotice(deps, sink, notice, stop),
    everyMs: pace.queuedMs,
  });
}
