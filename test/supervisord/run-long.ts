/**
 * The long forms of what test/supervisord shows: fifty restarts under load, and AWS away for ten minutes.
 *
 *   npm run supervised                            both
 *   npm run supervised -- --restarts 10
 *   npm run supervised -- --away-minutes 1
 */
import { parseArgs } from 'node:util';
import { sayAwsAway } from './aws-away.ts';
import { restartUnderLoad } from './restart-under-load.ts';
import { SupervisedStage } from './supervised-stage.ts';
import { hasSupervisord } from './supervisor.ts';

Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { restarts: { type: 'string' }, 'away-minutes': { type: 'string' } },
});
const wanted = { restarts: values.restarts, away: values['away-minutes'] };
const isBoth = wanted.restarts === undefined && wanted.away === undefined;

if (!hasSupervisord) throw new Error('there is no supervisord here: apt-get install supervisor');

async function onStage(story: (staged: SupervisedStage) => Promise<void>): Promise<void> {
  const staged = await SupervisedStage.open(1);
  try {
    await staged.supervisor.untilState('RUNNING');
    await story(staged);
  } finally {
    await staged.close();
  }
}

if (isBoth || wanted.restarts !== undefined) {
  await onStage(async (staged) => {
    const report = await restartUnderLoad(staged, Number(wanted.restarts ?? 50));
    process.stdout.write(`${JSON.stringify(report)}\n`);
    if (report.succeeded !== report.sent || report.lost + report.doubled + report.leftOver > 0) process.exitCode = 1;
  });
}

if (isBoth || wanted.away !== undefined) {
  await onStage(async (staged) => {
    const held = await sayAwsAway(staged, Number(wanted.away ?? 10) * 60_000, (line) =>
      process.stdout.write(`${line}\n`),
    );
    if (!held) process.exitCode = 1;
  });
}
