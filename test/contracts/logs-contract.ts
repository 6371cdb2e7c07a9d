import { runContract, type StartServer } from './contract-case.ts';
import { eventCases } from './logs-cases/event-cases.ts';
import { filterCases } from './logs-cases/filter-cases.ts';
import { groupCases } from './logs-cases/group-cases.ts';
import { LogsBench } from './logs-cases/logs-bench.ts';

const CASES = [...groupCases, ...eventCases, ...filterCases];

/** What CloudWatch Logs promises, through the AWS SDK; `deviations` as in the other contracts. */
export function logsContract(name: string, start: StartServer, deviations: readonly string[]): void {
  runContract(name, CASES, start, deviations, (options) => new LogsBench(options));
}
