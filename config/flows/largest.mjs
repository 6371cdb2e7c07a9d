import { flow } from 'slipway/sdk';
import { clean } from './etl/clean.mjs';
import { extract } from './etl/extract.mjs';

/**
 * A flow of steps over the same table as etl: it compares the largest countries, each in a call of its own.
 *
 *   extract ─> clean ─┬─> select ─> compare × 20 ─> report
 *                     └──────────────^
 *
 *   slipway flows build config/flows/largest.mjs --include config/flows/etl/countries.csv -o largest.zip
 *   slipway flows publish largest.zip
 *   slipway run largest -p top=20 --watch
 */
export default flow(
  'largest',
  {
    version: '1.0.0',
    description: 'Compares the most populous countries with their continents.',
    parameters: {
      type: 'object',
      additionalProperties: false,
      properties: {
        top: { description: 'How many countries.', type: 'integer', minimum: 1, maximum: 100, default: 20 },
        stumble: { description: 'Whether the report fails at first, to show a retry.', type: 'boolean', default: true },
      },
    },
  },
  (step) => {
    const rows = step('extract', { timeout: '1m' }, () => extract(new URL('etl/countries.csv', import.meta.url)));

    const countries = step('clean', { inputs: { rows } }, ({ inputs, log, report }) => {
      const { countries, dropped } = clean(inputs.rows);
      log.info('cleaned', { rows: countries.length, dropped: dropped.length });
      report.check('countries', 'most rows are of use', dropped.length < countries.length / 10, { severity: 'WARN' });
      return countries;
    });

    const largest = step('select', { inputs: { countries } }, ({ inputs, parameters }) =>
      inputs.countries.toSorted((a, b) => b.population - a.population).slice(0, parameters.top),
    );

    // Called once for each country; what is done stays done, should the worker be killed meanwhile.
    const compared = step(
      'compare',
      { mapOver: largest, inputs: { countries }, concurrency: 5 },
      ({ item, inputs }) => {
        const neighbours = inputs.countries.filter(({ continent }) => continent === item.continent);
        const people = neighbours.reduce((sum, { population }) => sum + population, 0);
        return {
          name: item.name,
          continent: item.continent,
          population: item.population,
          shareOfContinent: Number((item.population / people).toFixed(3)),
          peoplePerKm2: Number((item.population / item.areaKm2).toFixed(1)),
        };
      },
    );

    return step(
      'report',
      { inputs: { compared }, retries: { max: 2, delay: '200ms' } },
      ({ inputs, parameters, log, report, ...context }) => {
        if (parameters.stumble && context.try === 1) throw new Error('stumbled, as it was told to');
        for (const { name, continent, shareOfContinent } of inputs.compared) {
          log.info(`${name}: ${(shareOfContinent * 100).toFixed(1)} % of the people of ${continent}`);
        }
        report.materialization('largest countries', { metadata: { rows: inputs.compared.length } });
        return { countries: inputs.compared.length, first: inputs.compared[0] };
      },
    );
  },
);
