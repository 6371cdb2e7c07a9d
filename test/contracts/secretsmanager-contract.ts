import { runContract, type StartServer } from './contract-case.ts';
import { manageSecretCases } from './secretsmanager-cases/manage-secret-cases.ts';
import { secretValueCases } from './secretsmanager-cases/secret-value-cases.ts';
import { SecretsBench } from './secretsmanager-cases/secrets-bench.ts';

const CASES = [...secretValueCases, ...manageSecretCases];

/** What Secrets Manager promises, through the AWS SDK; `deviations` as in the other contracts. */
export function secretsManagerContract(name: string, start: StartServer, deviations: readonly string[]): void {
  runContract(name, CASES, start, deviations, (options) => new SecretsBench(options));
}
