import { aggregate } from './aggregate.mjs';
import { clean } from './clean.mjs';
import { extract } from './extract.mjs';
import { report } from './report.mjs';

/**
 * extract ─> clean ─> aggregate ─> report
 *
 * @param {import('slipway/sdk').FlowContext<{ continent?: string; top: number; units: string }>} context
 */
export default async function etl({ parameters, log, signal }) {
  /** Runs one step, and says how it went. */
  async function step(name, work, count) {
    signal.throwIfAborted();
    const began = performance.now();
    const result = await work();
    log.info('step done', { step: name, ...count(result), ms: Math.round(performance.now() - began) });
    return result;
  }

  const rows = await step(
    'extract',
    () => extract(new URL('countries.csv', import.meta.url)),
    (all) => ({
      rows: all.length,
    }),
  );
  const { countries, dropped } = await step(
    'clean',
    () => clean(rows),
    (cleaned) => ({
      rows: cleaned.countries.length,
      dropped: cleaned.dropped.length,
    }),
  );
  const continents = await step(
    'aggregate',
    () => aggregate(countries, parameters),
    (all) => ({ rows: all.length }),
  );
  const lines = await step(
    'report',
    () => report(continents, parameters),
    (all) => ({ rows: all.length }),
  );
  for (const line of lines) log.info(line);
  return { countries: countries.length, dropped, continents };
}
