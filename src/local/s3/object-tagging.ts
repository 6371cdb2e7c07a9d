import type { Bucket } from './bucket.ts';
import { checkedPayload } from './checked-payload.ts';
import { childrenNamed, childText, parseXml } from './parse-xml.ts';
import { s3Error } from './s3-error.ts';
import { emptyReply, type S3Operation, xmlReply } from './s3-reply.ts';
import { keyOf } from './s3-request.ts';

type Tags = Readonly<Record<string, string>>;

/** An object has at most ten tags (S3 User Guide, "Categorizing your objects using tags"). */
const MAX_TAGS = 10;

/** Reads `x-amz-tagging`: tags written as a query string. */
export function readTagHeader(header: string | undefined): Tags {
  return checkedTags([...new URLSearchParams(header ?? '')]);
}

/** GetObjectTagging. */
export const getObjectTagging: S3Operation = (request, _body, { buckets }) => {
  const { tags } = buckets.require(request.bucket).require(keyOf(request));
  return xmlReply('Tagging', { TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } });
};

/** PutObjectTagging: replaces all tags; the object's time and ETag stay. */
export const putObjectTagging: S3Operation = (request, body, { buckets }) => {
  const root = parseXml(checkedPayload(request, body).content, 'Tagging');
  const sets = childrenNamed(root, 'TagSet');
  const pairs = sets
    .flatMap((set) => childrenNamed(set, 'Tag'))
    .map((tag) => {
      const [key, value] = [childText(tag, 'Key'), childText(tag, 'Value')];
      if (key === undefined || value === undefined) throw s3Error('MalformedXML');
      return [key, value] as const;
    });
  if (sets.length !== 1) throw s3Error('MalformedXML');
  setTags(buckets.require(request.bucket), keyOf(request), checkedTags(pairs));
  return emptyReply();
};

/** DeleteObjectTagging. */
export const deleteObjectTagging: S3Operation = (request, _body, { buckets }) => {
  setTags(buckets.require(request.bucket), keyOf(request), {});
  return emptyReply({}, 204);
};

function setTags(bucket: Bucket, key: string, tags: Tags): void {
  const record = bucket.require(key);
  bucket.put({ ...record, tags }, [bucket.content(key)]);
}

function checkedTags(pairs: readonly (readonly [string, string])[]): Tags {
  const tags = Object.fromEntries(pairs);
  if (pairs.length > MAX_TAGS) throw s3Error('InvalidTag', {}, `Object tags cannot be greater than ${MAX_TAGS}`);
  if (Object.keys(tags).length < pairs.length) {
    throw s3Error('InvalidTag', {}, 'Cannot provide multiple Tags with the same key');
  }
  const isBad = pairs.some(([key, value]) => key === '' || key.length > 128 || value.length > 256);
  if (isBad) throw s3Error('InvalidTag');
  return tags;
}
