import { styleText } from 'node:util';
import { startDev } from './dev-process.ts';
import { useLocalCredentials } from './env.ts';
import { MESSAGES } from './messages.ts';
import { say } from './say.ts';
import { addScheduledFlow } from './scheduled-flow.ts';

//  slipway dev (local AWS + agent)  <─ SQS messages, a flow with a schedule ─  this program  ─> live progress, checks
useLocalCredentials();
const { DemoClient } = await import('./demo-client.ts');
const { watchRuns } = await import('./watch-runs.ts');
const { printTable } = await import('./print-table.ts');
const { checkOutcome } = await import('./check-outcome.ts');

const began = performance.now();
say('Starting slipway dev: local AWS on one loopback port, and an agent. No AWS account is used.');
const dev = await startDev();
let problems: readonly string[] = [];
try {
  const client = new DemoClient(dev);
  say(`Local AWS is at ${dev.endpoint}. Sending ${MESSAGES.length} messages to ${dev.queueUrl}`);
  for (const { what, body } of MESSAGES) {
    await client.send(body);
    say(styleText('dim', `  sent  ${what}`));
  }
  const ticked = addScheduledFlow(dev.flows);
  say(styleText('dim', `  added ${ticked.what}`));
  const runs = await watchRuns(client, MESSAGES.length + 1);
  printTable(runs);
  problems = await checkOutcome(client, runs, ticked.run);
  client.close();
} finally {
  const exitCode = await dev.stop();
  if (exitCode !== 0) problems = [...problems, `slipway dev ended with ${exitCode}; its output is in ${dev.logFile}`];
}
for (const problem of problems) say(styleText('red', `✘ ${problem}`));
const seconds = ((performance.now() - began) / 1000).toFixed(1);
say(
  problems.length === 0
    ? `✔ Everything ended as it should, in ${seconds} s. Nothing is left running.`
    : `Failed after ${seconds} s.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
