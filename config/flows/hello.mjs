/**
 * @param {import('slipway/sdk').FlowContext<{ name: string }>} context
 */
export default async function hello({ parameters, log, runId, attempt }) {
  const greeting = `Hello, ${parameters.name}!`;
  log.info(greeting);
  // What a flow returns is kept on the record of its run: slipway runs get <run id>
  return { greeting, runId, attempt };
}
