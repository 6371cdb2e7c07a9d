/**
 * @param {import('slipway/sdk').FlowContext} context
 */
export default async function failing({ log }) {
  log.info('looking for the orders of 31 February');
  // To fail, a flow throws: the message becomes the reason of the run.
  throw new Error('there are no orders of 31 February (this example fails on purpose)');
}
