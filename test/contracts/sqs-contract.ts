import { runContract, type StartServer } from './contract-case.ts';
import { batchCases } from './sqs-cases/batch-cases.ts';
import { deadLetterCases } from './sqs-cases/dead-letter-cases.ts';
import { fifoCases } from './sqs-cases/fifo-cases.ts';
import { messageCases } from './sqs-cases/message-cases.ts';
import { queueCases } from './sqs-cases/queue-cases.ts';
import { receiveCases } from './sqs-cases/receive-cases.ts';
import { SqsBench } from './sqs-cases/sqs-bench.ts';
import { visibilityCases } from './sqs-cases/visibility-cases.ts';

const CASES = [
  ...queueCases,
  ...messageCases,
  ...receiveCases,
  ...visibilityCases,
  ...batchCases,
  ...deadLetterCases,
  ...fifoCases,
];

/** What SQS promises, through the AWS SDK; `deviations` are the titles that are known to fail on this implementation. */
export function sqsContract(name: string, start: StartServer, deviations: readonly string[]): void {
  runContract(name, CASES, start, deviations, (options) => new SqsBench(options));
}
