import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FileWithMetadata, ListedFileStore, PutOptions } from '../core/file-store.ts';
import { httpStatusOf, isAwsError } from './call-error.ts';
import { parseS3Uri, type S3Location } from './s3-uri.ts';

/** Files in S3. */
export class S3FileStore implements ListedFileStore {
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  async put(
    uri: string,
    body: string | Uint8Array,
    { contentType, ifAbsent = false, metadata }: PutOptions = {},
  ): Promise<void> {
    const { bucket, key } = locate(uri);
    try {
      await this.#s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ...(contentType === undefined ? {} : { ContentType: contentType }),
          ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
          ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
        }),
      );
    } catch (error) {
      if (!(ifAbsent && httpStatusOf(error) === 412)) throw error;
    }
  }

  async get(uri: string, stop?: AbortSignal): Promise<Uint8Array | undefined> {
    return (await this.getWithMetadata(uri, stop))?.bytes;
  }

  async getWithMetadata(uri: string, stop?: AbortSignal): Promise<FileWithMetadata | undefined> {
    const { bucket, key } = locate(uri);
    try {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body, Metadata = {} } = await this.#s3.send(command, stop && { abortSignal: stop });
      return Body && { bytes: await Body.transformToByteArray(), metadata: Metadata };
    } catch (error) {
      if (isAwsError(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const { bucket, key } = locate(prefix);
    const uris: string[] = [];
    let next: string | undefined;
    do {
      const { Contents = [], NextContinuationToken } = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: key,
          ...(next === undefined ? {} : { ContinuationToken: next }),
        }),
      );
      uris.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [`s3://${bucket}/${Key}`])));
      next = NextContinuationToken;
    } while (next !== undefined);
    return uris;
  }
}

function locate(uri: string): S3Location {
  const location = parseS3Uri(uri);
  if (location === undefined || location.key === '') throw new Error(`not an s3://bucket/key address: ${uri}`);
  return location;
}
