import { afterAll, beforeAll, describe, it } from 'vitest';
import { describeConditions } from './dynamodb-condition-cases.ts';
import { type ContractCase, dynamodbClient, SharedTable } from './dynamodb-fixture.ts';
import { describeReads } from './dynamodb-read-cases.ts';
import { describeTables } from './dynamodb-table-cases.ts';
import { describeTransactions } from './dynamodb-transaction-cases.ts';
import { describeUpdates } from './dynamodb-update-cases.ts';
import { describeValidation } from './dynamodb-validation-cases.ts';
import type { Deviations } from './moto-deviations.ts';

/**
 * What DynamoDB does, asked through the AWS SDK. A case that is listed as a deviation must fail. One that is listed as
 * unsteady goes either way there by chance, so it is skipped: neither outcome would say anything.
 */
export function dynamodbContract(
  name: string,
  start: () => Promise<{ endpoint: string; stop(): Promise<void> }>,
  deviations: Deviations,
  unsteady: Deviations = {},
): void {
  describe(`DynamoDB: ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let shared: SharedTable | undefined;
    const table = () => {
      if (shared) return shared;
      throw new Error('no case runs before the table is there');
    };

    beforeAll(async () => {
      server = await start();
      shared = new SharedTable(dynamodbClient(server.endpoint));
      await shared.create();
    });

    afterAll(async () => {
      shared?.client.destroy();
      await server?.stop();
    });

    const check: ContractCase = (title, run) => {
      if (title in unsteady) it.skip(title, run);
      else (title in deviations ? it.fails : it)(title, run);
    };
    describeTables(check, table);
    describeConditions(check, table);
    describeValidation(check, table);
    describeUpdates(check, table);
    describeTransactions(check, table);
    describeReads(check, table);
  });
}
