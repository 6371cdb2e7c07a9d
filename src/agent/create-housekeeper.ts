import type { RunArchive } from '../core/run-archive.ts';
import { type Expression, parseExpression } from '../core/schedules/parse-expression.ts';
import { forgetOldRuns, LOOK_BACK_MS } from '../runs/forget-old-runs.ts';
import { planPrune } from '../runs/prune-definitions.ts';
import { retentionOf } from '../templates/retention-of.ts';
import type { AgentTools } from './agent-tools.ts';
import { clustersOf } from './clusters-of.ts';
import { type Chore, Housekeeper } from './keep-house.ts';
import { OrphanStopper } from './stop-orphans.ts';

/** At half past every minute: the full one belongs to schedules. With seconds, as node-cron reads six fields. */
export const HOUSEKEEPING_BEAT = '30 * * * * *';

/** ecs.familyPrefix, where nobody names one. */
const DEFAULT_PREFIX = 'slipway';

/** The housekeeper of an agent, with the chores that agent.yaml asks for at any moment. */
export function createHousekeeper(tools: AgentTools): Housekeeper {
  const { aws, table, beats, loop, common, observer } = tools;
  return new Housekeeper({
    ...loop,
    chores: [orphans(tools), definitions(tools), retention(tools, aws.archive(table))],
    book: aws.chores(table),
    beat: beats(HOUSEKEEPING_BEAT),
    by: common.by,
    onChore: (chore, outcome) => observer?.onChore?.(chore, outcome),
  });
}

/** Tasks that no live run owns, cluster by cluster. */
function orphans({ common, hostOf, table, keeper, loop }: AgentTools): Chore {
  const { store } = common;
  const stopper = new OrphanStopper({ ...loop, store, host: hostOf('housekeeping'), table });
  return {
    name: 'orphans',
    when: () => {
      const { enabled, cron } = keeper.current.agent.housekeeping.orphans;
      return enabled ? expressionOf({ cron }) : undefined;
    },
    parts: () => clustersOf(keeper.current),
    work: async (cluster, stop) => `${await stopper.sweep(cluster, stop)} stopped`,
  };
}

/** Old revisions of our families. */
function definitions({ aws, common, rates, keeper }: AgentTools): Chore {
  const shelf = aws.shelf(rates.of('housekeeping'));
  const { store } = common;
  return {
    name: 'definitions',
    when: () => expressionOf(keeper.current.agent.housekeeping.definitions),
    parts: () => [keeper.current.agent.ecs.familyPrefix ?? DEFAULT_PREFIX],
    work: async (prefix, stop) => {
      const { definitions: wish } = keeper.current.agent.housekeeping;
      if (wish === undefined) return 'switched off';
      const { unused, inUse } = await planPrune({ shelf, store }, { prefix, keep: wish.keep }, stop);
      for (const arn of unused) await shelf.deregister(arn, stop);
      return `${unused.length} deregistered, ${inUse} older ones in use`;
    },
  };
}

/** Ended runs that DynamoDB does not forget by itself. */
function retention({ common, keeper, table }: AgentTools, archive: RunArchive): Chore {
  const { store, now } = common;
  return {
    name: 'retention',
    when: () => expressionOf(keeper.current.agent.housekeeping.retention),
    parts: () => [table],
    work: async (_, stop) => {
      const { retentionMs } = retentionOf(keeper.current.agent);
      if (retentionMs === undefined) return 'switched off';
      const wish = { retentionMs, lookBackMs: LOOK_BACK_MS };
      return `${await forgetOldRuns({ store, archive, now }, wish, stop)} runs forgotten`;
    },
  };
}

const expressions = new Map<string, Expression | undefined>();

/** What agent.yaml says was read with it, so it can be read. */
function expressionOf(written: { readonly cron: string } | undefined): Expression | undefined {
  if (written === undefined) return undefined;
  const { cron } = written;
  if (!expressions.has(cron)) {
    const parsed = parseExpression(cron);
    expressions.set(cron, parsed.ok ? parsed.value : undefined);
  }
  return expressions.get(cron);
}
