import { type PolicyDocument, policyOf } from './policy-document.ts';
import type { OwnResources } from './policy-place.ts';

/**
 * What the worker itself needs inside a task, besides what your flows need: its runs' records, its artifact and parameters,
 * and a place for large results. `dynamodb:LeadingKeys` keeps it to the records of runs (Service Authorization Reference,
 * DynamoDB).
 */
export function taskPolicy({ table, bucket, flows }: OwnResources): PolicyDocument {
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
      Resource: [...folder('artifacts'), ...folder('accepted'), ...folder('parameters'), ...flowFiles(flows)],
    },
    { Sid: 'KeepResults', Effect: 'Allow', Action: ['s3:PutObject'], Resource: folder('results') },
  ]);
}

/** Artifacts may lie beside the flows that name them. */
function flowFiles(flows: OwnResources['flows']): readonly string[] {
  return flows === undefined ? [] : [`${flows.arn}/${flows.prefix}*`];
}
