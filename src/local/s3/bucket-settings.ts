import { AwsError } from '../service.ts';
import { xmlDocument } from '../xml-document.ts';
import { checkedPayload } from './checked-payload.ts';
import { parseXml } from './parse-xml.ts';
import { s3Error } from './s3-error.ts';
import { type BucketSetting, settingOf } from './s3-operation.ts';
import { emptyReply, type S3Operation, textReply } from './s3-reply.ts';
import type { S3Request } from './s3-request.ts';

interface SettingRule {
  /** The root element of its document; a policy is JSON. */
  readonly root: string | undefined;
  /** The answer while nothing was put: a document, or an error. */
  readonly unset: { readonly document: string } | { readonly code: string; readonly message: string };
  /** The status of a put. */
  readonly status: number;
}

const RULES: Readonly<Record<BucketSetting, SettingRule>> = {
  lifecycle: {
    root: 'LifecycleConfiguration',
    unset: { code: 'NoSuchLifecycleConfiguration', message: 'The lifecycle configuration does not exist' },
    status: 200,
  },
  encryption: {
    root: 'ServerSideEncryptionConfiguration',
    unset: {
      document: xmlDocument('ServerSideEncryptionConfiguration', {
        Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
      }),
    },
    status: 200,
  },
  publicAccessBlock: {
    root: 'PublicAccessBlockConfiguration',
    unset: {
      document: xmlDocument('PublicAccessBlockConfiguration', {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      }),
    },
    status: 200,
  },
  versioning: {
    root: 'VersioningConfiguration',
    unset: { document: xmlDocument('VersioningConfiguration', '') },
    status: 200,
  },
  tagging: { root: 'Tagging', unset: { code: 'NoSuchTagSet', message: 'The TagSet does not exist' }, status: 204 },
  cors: {
    root: 'CORSConfiguration',
    unset: { code: 'NoSuchCORSConfiguration', message: 'The CORS configuration does not exist' },
    status: 200,
  },
  policy: {
    root: undefined,
    unset: { code: 'NoSuchBucketPolicy', message: 'The bucket policy does not exist' },
    status: 204,
  },
  ownershipControls: {
    root: 'OwnershipControls',
    unset: {
      document: xmlDocument('OwnershipControls', { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } }),
    },
    status: 200,
  },
};

/** Answers with a setting's document as it was put. Settings are kept and shown; they change nothing here. */
export const getBucketSetting: S3Operation = (request, _body, { buckets }) => {
  const bucket = buckets.require(request.bucket);
  const [setting, { root, unset }] = ruleOf(request);
  const document = bucket.record.settings[setting] ?? ('document' in unset ? unset.document : undefined);
  if (document !== undefined) return textReply(document, root === undefined ? 'application/json' : 'application/xml');
  const { code, message } = 'code' in unset ? unset : { code: 'NoSuchKey', message: '' };
  throw new AwsError(code, message, { status: 404, members: { BucketName: bucket.record.name } });
};

/** Keeps a setting's document. */
export const putBucketSetting: S3Operation = (request, body, { buckets }) => {
  const bucket = buckets.require(request.bucket);
  const [setting, { root, status }] = ruleOf(request);
  const { content } = checkedPayload(request, body);
  if (root === undefined) checkJson(content);
  else parseXml(content, root);
  bucket.setSetting(setting, content.toString('utf8'));
  return emptyReply({}, status);
};

/** Forgets a setting. */
export const deleteBucketSetting: S3Operation = (request, _body, { buckets }) => {
  buckets.require(request.bucket).setSetting(ruleOf(request)[0], undefined);
  return emptyReply({}, 204);
};

function ruleOf(request: S3Request): readonly [BucketSetting, SettingRule] {
  const setting = settingOf(request);
  if (setting === undefined) throw s3Error('MethodNotAllowed');
  return [setting, RULES[setting]];
}

function checkJson(content: Buffer): void {
  try {
    JSON.parse(content.toString('utf8'));
  } catch {
    throw new AwsError('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'");
  }
}
