import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { RUN_PLACE } from './runs-get.ts';

export const runsReports = command({
  usage: 'reports <run>',
  summary: 'Show what a run has reported: assets, checks, messages',
  places: RUN_PLACE,
  flags: {
    method: { type: 'string', describe: 'Only these, as report_asset_check', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 runs reports @last', 'All that the newest run has reported'],
    ['$0 runs reports 7QK3XM --method report_asset_check -o json', 'Its checks, for programs'],
  ],
  run: async (args, context) => {
    const { showReports } = await import('../show-reports.ts');
    return showReports(args, context);
  },
});
