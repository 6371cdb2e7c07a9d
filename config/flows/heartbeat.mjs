/**
 * @param {import('slipway/sdk').FlowContext<{ tick?: string, day?: string, since?: string }>} context
 */
export default async function heartbeat({ parameters, log }) {
  const { tick = 'no tick: somebody asked', day, since } = parameters;
  log.info(`Alive, by ${tick}`);
  return { tick, day, since };
}
