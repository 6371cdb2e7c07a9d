import { flow } from 'slipway/sdk';
import { aggregate } from './aggregate.mjs';
import { clean } from './clean.mjs';
import { extract } from './extract.mjs';
import { report as linesOf } from './report.mjs';

/**
 * extract ─> clean ─┬─> continents ─> aggregate (each continent) ─> report
 *                   └───────────────────^
 */
export default flow('etl', { version: '1' }, (step) => {
  const rows = step('extract', { retries: 2, timeout: '1m' }, () => extract(new URL('countries.csv', import.meta.url)));

  const cleaned = step('clean', { inputs: { rows } }, ({ inputs, log, report }) => {
    const { countries, dropped } = clean(inputs.rows);
    log.info('cleaned', { rows: countries.length, dropped: dropped.length });
    report.check('countries', 'most rows are of use', dropped.length < countries.length / 10, { severity: 'WARN' });
    return { countries, dropped };
  });

  const names = step('continents', { inputs: { cleaned } }, ({ inputs, parameters }) =>
    [...new Set(inputs.cleaned.countries.map(({ continent }) => continent))].filter(
      (name) => parameters.continent === undefined || parameters.continent === name,
    ),
  );

  // Called once for each continent.
  const summaries = step(
    'aggregate',
    { mapOver: names, inputs: { cleaned } },
    ({ item, inputs, parameters }) => aggregate(inputs.cleaned.countries, { continent: item, top: parameters.top })[0],
  );

  return step('report', { inputs: { cleaned, summaries } }, ({ inputs, parameters, log, report }) => {
    const { countries, dropped } = inputs.cleaned;
    const continents = inputs.summaries.toSorted((a, b) => b.population - a.population);
    for (const line of linesOf(continents, parameters)) log.info(line);
    report.materialization('continents', { metadata: { rows: continents.length } });
    return { countries: countries.length, dropped, continents };
  });
});
