import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** A case of the contract; runs as expected to fail where the implementation is known to deviate. */
export type ContractCase = (title: string, run: () => Promise<void>) => void;

/** A client of the real SDK that does not repeat calls, so that an error is seen once and as it is. */
export function s3Client(endpoint: string, region = 'us-east-1'): S3Client {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'contract', secretAccessKey: 'contract' },
    maxAttempts: 1,
  });
}

/** The bucket that most cases share; every case uses keys of its own. */
export class SharedBucket {
  readonly name = `contract-${randomUUID()}`;
  readonly client: S3Client;
  readonly endpoint: string;

  constructor(endpoint: string) {
    this.endpoint = endpoint;
    this.client = s3Client(endpoint);
  }

  async create(): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: this.name }));
  }

  /** A prefix that no other case uses. */
  prefix(): string {
    return `${randomUUID()}/`;
  }

  put(key: string, body: string | Uint8Array) {
    return this.client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: body }));
  }

  async text(key: string): Promise<string | undefined> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    return Body?.transformToString();
  }
}

/** How a call fails: the error's name and the HTTP status. */
export async function failureOf(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name: error.name, status: statusOf(error) };
  }
  throw new Error('the call was expected to fail, and did not');
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
