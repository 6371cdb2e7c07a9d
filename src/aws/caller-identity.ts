import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsClientOptions, clientSettings } from './client-options.ts';

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
}

/** Who we are to AWS. Needs no permission (API GetCallerIdentity). */
export async function callerIdentity(options: AwsClientOptions): Promise<CallerIdentity> {
  const sts = new STSClient(clientSettings(options));
  try {
    const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn };
  } finally {
    sts.destroy();
  }
}
