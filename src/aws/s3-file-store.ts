import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FileStore } from '../core/file-store.ts';
import { httpStatusOf, isAwsError } from './call-error.ts';
import { parseS3Uri, type S3Location } from './s3-uri.ts';

/** Files in S3. */
export class S3FileStore implements FileStore {
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  async put(
    uri: string,
    body: string | Uint8Array,
    { contentType, ifAbsent = false }: { contentType?: string; ifAbsent?: boolean } = {},
  ): Promise<void> {
    const { bucket, key } = locate(uri);
    try {
      await this.#s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ...(contentType === undefined ? {} : { ContentType: contentType }),
          ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
        }),
      );
    } catch (error) {
      if (!(ifAbsent && httpStatusOf(error) === 412)) throw error;
    }
  }

  async get(uri: string): Promise<Uint8Array | undefined> {
    const { bucket, key } = locate(uri);
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isAwsError(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  }
}

function locate(uri: string): S3Location {
  const location = parseS3Uri(uri);
  if (location === undefined || location.key === '') throw new Error(`not an s3://bucket/key address: ${uri}`);
  return location;
}
