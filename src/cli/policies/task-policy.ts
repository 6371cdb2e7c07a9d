import { type PolicyDocument, policyOf } from './policy-document.ts';
import type { OwnResources } from './policy-place.ts';

/** Folders of the bucket: a step reads what an earlier one, or the same one in an earlier attempt, has left in `storage`. */
const READ = ['artifacts', 'accepted', 'parameters', 'storage'];
const WRITTEN = ['results', 'reports', 'exceptions', 'storage'];

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
      Resource: [...READ.flatMap(folder), ...flowFiles(flows)],
    },
    { Sid: 'KeepResults', Effect: 'Allow', Action: ['s3:PutObject'], Resource: WRITTEN.flatMap(folder) },
  ]);
}

/** Artifacts may lie beside the flows that name them. */
function flowFiles(flows: OwnResources['flows']): readonly string[] {
  return flows === undefined ? [] : [`${flows.arn}/${flows.prefix}*`];
}
