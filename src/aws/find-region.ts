import type { AwsClientOptions } from './client-options.ts';
import { createSqsClient } from './create-sqs-client.ts';

/**
 * The region that clients made with these options work in: by option, `AWS_REGION` or the profile, as the SDK looks for it.
 * Undefined if none of them names one; the SDK then fails each call, and asks the instance for its credentials only.
 */
export async function findRegion(options: AwsClientOptions): Promise<string | undefined> {
  const client = createSqsClient(options);
  try {
    return await client.config.region();
  } catch (error) {
    if (error instanceof Error && error.message === 'Region is missing') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
