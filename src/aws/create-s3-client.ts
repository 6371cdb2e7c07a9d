import { S3Client } from '@aws-sdk/client-s3';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

export function createS3Client(options: AwsClientOptions): S3Client {
  // Bucket names as host names do not resolve on loopback.
  const forcePathStyle = options.endpoint !== undefined;
  return watchCalls(new S3Client({ ...clientSettings(options), followRegionRedirects: true, forcePathStyle }), options);
}
