import { type PolicyDocument, policyOf } from './policy-document.ts';
import type { OwnResources } from './policy-place.ts';

/**
 * What the worker itself needs inside a task, besides what your flows need: its runs' records, its artifact, packages and
 * parameters, and a place for outputs, large results, stacks and reports. `dynamodb:LeadingKeys` keeps it to the records of
 * runs (Service Authorization Reference, DynamoDB).
 */
export function taskPolicy({ table, bucket, flows, packages }: OwnResources): PolicyDocument {
  const folder = (name: string): readonly string[] =>
    bucket === undefined ? [] : [`${bucket.arn}/${bucket.prefix}${name}/*`];
  return policyOf([
    {
      Sid: 'RecordOfItsRun',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
      Resource: [table],
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RUN#*'] } },
    },
    {
      Sid: 'ReadArtifactAndParameters',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: [
        ...folder('artifacts'),
        ...folder('accepted'),
        ...folder('parameters'),
        ...flowFiles(flows),
        ...packages,
      ],
    },
    {
      Sid: 'KeepResults',
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      Resource: [...folder('results'), ...folder('exceptions'), ...folder('reports')],
    },
    {
      Sid: 'KeepOutputs',
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject'],
      Resource: [...folder('storage'), ...folder('pipes')],
    },
    // Without it an output that is not there looks like one that is denied (API GetObject).
    {
      Sid: 'FindOutputs',
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: bucket === undefined ? [] : [bucket.arn],
    },
  ]);
}

/** Artifacts may lie beside the flows that name them. */
function flowFiles(flows: OwnResources['flows']): readonly string[] {
  return flows === undefined ? [] : [`${flows.arn}/${flows.prefix}*`];
}
