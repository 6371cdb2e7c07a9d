import { type LocalAwsOptions, startLocalAws } from '../../src/local/start-local-aws.ts';

/** What a contract suite runs against; `stop` ends what `start` began. */
export interface ContractServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts an ephemeral local AWS on a free port. */
export async function startLocalServer(options: LocalAwsOptions = {}): Promise<ContractServer> {
  const aws = await startLocalAws(options);
  return { endpoint: aws.url, stop: () => aws.stop() };
}
