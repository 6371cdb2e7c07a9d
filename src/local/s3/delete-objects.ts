import { bringsDigest, checkedPayload } from './checked-payload.ts';
import { refuseVersions } from './get-object.ts';
import { childrenNamed, childText, parseXml, type XmlNode } from './parse-xml.ts';
import { checkWriteConditions } from './preconditions.ts';
import { s3Error } from './s3-error.ts';
import { emptyReply, type S3Operation, xmlReply } from './s3-reply.ts';
import { keyOf } from './s3-request.ts';

/** DeleteObjects takes so many keys at once (API DeleteObjects). */
const MAX_KEYS = 1000;

/** DeleteObject. That there is no such object is no error. */
export const deleteObject: S3Operation = (request, _body, { buckets }) => {
  const bucket = buckets.require(request.bucket);
  refuseVersions(request);
  const key = keyOf(request);
  if (request.header('if-match') !== undefined) checkWriteConditions(request, bucket.find(key));
  bucket.delete(key);
  return emptyReply({}, 204);
};

/** DeleteObjects. */
export const deleteObjects: S3Operation = (request, body, { buckets }) => {
  const bucket = buckets.require(request.bucket);
  if (!bringsDigest(request)) throw s3Error('MissingContentMD5');
  const root = parseXml(checkedPayload(request, body).content, 'Delete');
  const keys = childrenNamed(root, 'Object').map(listedKey);
  if (keys.length < 1 || keys.length > MAX_KEYS) throw s3Error('MalformedXML');
  for (const key of keys) bucket.delete(key);
  const isQuiet = childText(root, 'Quiet') === 'true';
  return xmlReply('DeleteResult', { Deleted: isQuiet ? [] : keys.map((key) => ({ Key: key })) });
};

function listedKey(object: XmlNode): string {
  const key = childText(object, 'Key');
  const version = childText(object, 'VersionId');
  if (key === undefined || key === '') throw s3Error('MalformedXML');
  if (version !== undefined && version !== 'null') throw s3Error('NoSuchVersion', { Key: key, VersionId: version });
  return key;
}
