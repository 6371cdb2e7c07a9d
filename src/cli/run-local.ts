import { once } from 'node:events';
import { stopOnSignals } from '../service/stop-on-signals.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { exportLines, type LocalAwsFlags, openLocalAws, stateFolder } from './open-local-aws.ts';

/** Runs local AWS until a signal asks it to stop. */
export async function runLocal(flags: LocalAwsFlags, context: CliContext): Promise<number> {
  const { terminal, cwd } = context;
  const { stop, release } = stopOnSignals(context.signals);
  const aws = await openLocalAws(flags, cwd);
  try {
    terminal.say(`local AWS at ${aws.url}: SQS, DynamoDB, S3, ECS, CloudWatch Logs, Secrets Manager, SNS`);
    terminal.say(`state: ${stateFolder(flags, cwd) ?? 'in memory, forgotten at the end'}`);
    for (const line of exportLines(aws.url)) terminal.data(line);
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
  } finally {
    await aws.stop();
    release();
  }
  return EXIT.ok;
}
