import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContractServer } from './local-server.ts';

/** One sentence about a service, and what proves it. */
export interface ContractCase<Context> {
  readonly title: string;
  run(context: Context): Promise<void>;
}

/** Starts what the cases run against. */
export type StartServer = () => Promise<ContractServer>;

/** Credentials and endpoint of a client under test; one attempt, so that a wrong answer is seen and not repeated. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/**
 * Runs every case against one server. A case whose title is among the deviations is expected to fail, so that the list
 * stays true; a title that no case has is an error.
 */
export function runContract<Context>(
  name: string,
  cases: readonly ContractCase<Context>[],
  start: StartServer,
  deviations: readonly string[],
  contextOf: (client: ClientOptions) => Context,
): void {
  describe(name, () => {
    let server: ContractServer | undefined;
    let context: Context;
    beforeAll(async () => {
      server = await start();
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      context = contextOf({ endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    });
    afterAll(async () => server?.stop());

    it('has a case for every deviation that is listed', () => {
      const titles = cases.map(({ title }) => title);
      expect(deviations.filter((title) => !titles.includes(title))).toEqual([]);
    });

    for (const { title, run } of cases) {
      const test = deviations.includes(title) ? it.fails : it;
      test(title, () => run(context));
    }
  });
}
