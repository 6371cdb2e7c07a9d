import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Deviations } from './moto-deviations.ts';
import { describeBuckets } from './s3-bucket-cases.ts';
import { type ContractCase, SharedBucket } from './s3-fixture.ts';
import { describeListings } from './s3-listing-cases.ts';
import { describeMultipart } from './s3-multipart-cases.ts';
import { describeObjects } from './s3-object-cases.ts';

/** What S3 does, asked through the AWS SDK. A case that is listed as a deviation must fail. */
export function s3Contract(
  name: string,
  start: () => Promise<{ endpoint: string; stop(): Promise<void> }>,
  deviations: Deviations,
): void {
  describe(`S3: ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let shared: SharedBucket | undefined;
    const bucket = () => {
      if (shared) return shared;
      throw new Error('no case runs before the bucket is there');
    };

    beforeAll(async () => {
      server = await start();
      shared = new SharedBucket(server.endpoint);
      await shared.create();
    });

    afterAll(async () => {
      shared?.client.destroy();
      await server?.stop();
    });

    const check: ContractCase = (title, run) => (title in deviations ? it.fails(title, run) : it(title, run));
    describeBuckets(check, bucket);
    describeObjects(check, bucket);
    describeListings(check, bucket);
    describeMultipart(check, bucket);
  });
}
