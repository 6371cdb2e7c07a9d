import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param {import('slipway/sdk').FlowContext<{ seconds: number }>} context
 */
export default async function slow({ parameters, log, signal }) {
  const { seconds } = parameters;
  let waited = 0;
  try {
    for (; waited < seconds; waited += 1) {
      if (waited % 5 === 0) log.info('waiting', { waited, seconds });
      // Ends at once, with an error, when the run is cancelled or its task is stopped.
      await sleep(1000, undefined, { signal });
    }
  } finally {
    // The place to close what is open: there are 25 seconds for it, or timeouts.stop less 5 seconds.
    log.info(signal.aborted ? 'stopped early' : 'waited long enough', { waited, seconds });
  }
  return { waited };
}
