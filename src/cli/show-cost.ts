import type { PriceOverride } from '../core/fargate-price.ts';
import { PRICES_OF } from '../core/fargate-prices.ts';
import type { FlowRun } from '../core/run.ts';
import { type RunCost, runCost, sumOfCosts } from '../core/run-cost.ts';
import type { RunQuery, RunStore } from '../core/run-store.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { type CostView, costView, missingPrices, moneyText } from './print-cost.ts';
import { tableText } from './print-table.ts';
import { sinceMoment } from './since-moment.ts';

export interface ShowCostFlags extends ConnectionFlags {
  readonly by: 'flow' | 'day';
  readonly flow?: string | undefined;
  readonly since: string;
  readonly output: string;
}

/** Runs read at once. */
const PAGE = 100;

/** Prints what runs have cost, the dearest flow or the newest day first. */
export async function showCost(flags: ShowCostFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const now = clock.now();
  const { flow } = flags;
  const query = {
    until: now,
    since: sinceMoment(flags.since, now),
    limit: PAGE,
    ...(flow === undefined ? {} : { flow }),
  };
  const { store, connection } = await connectStore(flags, context);
  const groups = await costsBy(flags.by, store, query, connection.prices);
  const sorted = [...groups].sort(ORDER[flags.by]);
  if (flags.output === 'json')
    terminal.data(
      JSON.stringify(
        sorted.map((entry) => view(flags.by, entry)),
        null,
        2,
      ),
    );
  else if (sorted.length === 0) terminal.say('no runs');
  else terminal.data(costsText(flags.by, sorted));
  if (sorted.length > 0) terminal.say(`an estimate: on demand, built-in prices of ${PRICES_OF}, ended attempts only`);
  return EXIT.ok;
}

interface Group {
  readonly runs: number;
  readonly cost: RunCost;
}

type Entry = readonly [name: string, group: Group];

const ORDER: Readonly<Record<ShowCostFlags['by'], (a: Entry, b: Entry) => number>> = {
  flow: ([, a], [, b]) => b.cost.dollars - a.cost.dollars,
  day: ([a], [b]) => (a < b ? 1 : -1),
};

async function costsBy(
  by: ShowCostFlags['by'],
  store: RunStore,
  query: RunQuery,
  prices: PriceOverride,
): Promise<ReadonlyMap<string, Group>> {
  const groups = new Map<string, Group>();
  for await (const run of allRuns(store, query)) {
    const name = by === 'flow' ? run.request.flow : new Date(run.requestedAt).toISOString().slice(0, 10);
    const { runs, cost } = groups.get(name) ?? { runs: 0, cost: sumOfCosts([]) };
    groups.set(name, { runs: runs + 1, cost: sumOfCosts([cost, runCost(run, prices)]) });
  }
  return groups;
}

async function* allRuns(store: RunStore, query: RunQuery): AsyncIterable<FlowRun> {
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.runs;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function view(
  by: ShowCostFlags['by'],
  [name, { runs, cost }]: Entry,
): Record<string, string | number | CostView | null> {
  return { [by]: name, runs, cost: costView(cost) };
}

function costsText(by: ShowCostFlags['by'], entries: readonly Entry[]): string {
  const total: Entry = [
    'total',
    {
      runs: entries.reduce((sum, [, { runs }]) => sum + runs, 0),
      cost: sumOfCosts(entries.map(([, { cost }]) => cost)),
    },
  ];
  const titles = [by.toUpperCase(), 'RUNS', 'ATTEMPTS', 'COST', 'ON SPOT', 'UNKNOWN'];
  const rows = [...entries, total].map(([name, { runs, cost }]) => [
    name,
    String(runs),
    String(cost.priced + cost.unpriced),
    cost.priced === 0 ? '?' : `$${moneyText(cost.dollars)}`,
    String(cost.onSpot),
    String(cost.unpriced),
  ]);
  const missing = missingPrices(total[1].cost);
  return [tableText([titles, ...rows]), ...(missing === undefined ? [] : [missing])].join('\n');
}
