import { checkedPayload } from './checked-payload.ts';
import { childText, parseXml } from './parse-xml.ts';
import { s3Error } from './s3-error.ts';
import { emptyReply, isoTime, type S3Operation, xmlReply } from './s3-reply.ts';

const US_EAST_1 = 'us-east-1';

/**
 * CreateBucket. A bucket that the account has already is `BucketAlreadyOwnedByYou`, but in us-east-1, where it is
 * answered as if it had just been made (API CreateBucket).
 */
export const createBucket: S3Operation = (request, body, { buckets, region: ownRegion, now }) => {
  const name = request.bucket ?? '';
  const region = regionOf(checkedPayload(request, body).content) ?? ownRegion;
  const existing = buckets.find(name);
  if (existing && (existing.record.region !== US_EAST_1 || region !== US_EAST_1)) {
    throw s3Error('BucketAlreadyOwnedByYou', { BucketName: name });
  }
  if (!existing) buckets.create(name, region, now());
  return emptyReply({ location: `/${name}` });
};

/** HeadBucket. */
export const headBucket: S3Operation = (request, _body, { buckets }) => {
  const { region } = buckets.require(request.bucket).record;
  return emptyReply({ 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false' });
};

/** DeleteBucket: only an empty one; multipart uploads under way are dropped with it. */
export const deleteBucket: S3Operation = (request, _body, { buckets, uploads }) => {
  const bucket = buckets.require(request.bucket);
  const { name } = bucket.record;
  if (!bucket.isEmpty) throw s3Error('BucketNotEmpty', { BucketName: name });
  for (const upload of uploads.of(name)) uploads.end(upload);
  buckets.delete(name);
  return emptyReply({}, 204);
};

/** ListBuckets. */
export const listBuckets: S3Operation = (request, _body, { buckets, accountId }) => {
  const prefix = request.query.get('prefix') ?? '';
  const found = buckets.all.filter(({ record }) => record.name.startsWith(prefix));
  return xmlReply('ListAllMyBucketsResult', {
    Buckets: {
      Bucket: found.map(({ record: { name, createdAt, region } }) => ({
        Name: name,
        CreationDate: isoTime(createdAt),
        BucketRegion: region,
      })),
    },
    Owner: { ID: accountId },
    Prefix: prefix === '' ? undefined : prefix,
  });
};

/** GetBucketLocation: us-east-1 is written as nothing (API GetBucketLocation). */
export const getBucketLocation: S3Operation = (request, _body, { buckets }) => {
  const { region } = buckets.require(request.bucket).record;
  return xmlReply('LocationConstraint', region === US_EAST_1 ? '' : region);
};

function regionOf(body: Buffer): string | undefined {
  if (body.length === 0) return undefined;
  const region = childText(parseXml(body, 'CreateBucketConfiguration'), 'LocationConstraint');
  return region === '' ? undefined : region;
}
