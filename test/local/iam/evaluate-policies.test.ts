import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from '../../../src/local/iam/evaluate-policies.ts';
import { parsePolicy } from '../../../src/local/iam/policy.ts';

const BUCKET = 'arn:aws:s3:::files';

function decide(statement: object | readonly object[], context: Record<string, string | string[]> = {}): string {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: statement });
  return evaluatePolicies([policy], { action: 's3:GetObject', resource: `${BUCKET}/a/b`, context });
}

const all = { Effect: 'Allow', Action: '*', Resource: '*' };
const onlyIf = (Condition: object) => ({ ...all, Condition });

describe('policies', () => {
  it('deny what nobody allows', () => {
    expect(evaluatePolicies([], { action: 's3:GetObject', resource: '*' })).toBe('unsaid');
    expect(decide({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' })).toBe('unsaid');
    expect(decide({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET}/other/*` })).toBe('unsaid');
  });

  it('deny what one of them denies, whatever the others allow', () => {
    expect(decide([all, { Effect: 'Deny', Action: 's3:*', Resource: '*' }])).toBe('denied');
    expect(decide([all, { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }])).toBe('allowed');
  });

  it('read actions in any case, resources as they are written, and * and ? in both', () => {
    expect(decide({ Effect: 'Allow', Action: ['S3:get*'], Resource: [`${BUCKET}/?/*`] })).toBe('allowed');
    expect(decide({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET.toUpperCase()}/*` })).toBe('unsaid');
    expect(decide({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn.aws.s3...files/a/b' })).toBe('unsaid');
  });

  it('mean all but what NotAction and NotResource name', () => {
    expect(decide({ Effect: 'Allow', NotAction: 's3:Put*', Resource: '*' })).toBe('allowed');
    expect(decide({ Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' })).toBe('unsaid');
    expect(decide({ Effect: 'Allow', Action: '*', NotResource: `${BUCKET}/a/*` })).toBe('unsaid');
  });

  it.each([
    [{ StringEquals: { 'aws:x': ['a', 'b'] } }, { 'aws:x': 'b' }, 'allowed'],
    [{ StringEquals: { 'AWS:X': 'a' } }, { 'aws:x': 'a' }, 'allowed'],
    [{ StringEquals: { 'aws:x': 'a' } }, {}, 'unsaid'],
    [{ StringEquals: { 'aws:x': 'a' }, StringLike: { 'aws:y': 'c*' } }, { 'aws:x': 'a', 'aws:y': 'd' }, 'unsaid'],
    [{ StringEqualsIgnoreCase: { 'aws:x': 'A' } }, { 'aws:x': 'a' }, 'allowed'],
    [{ StringNotEquals: { 'aws:x': 'a' } }, {}, 'allowed'],
    [{ StringNotEquals: { 'aws:x': 'a' } }, { 'aws:x': 'a' }, 'unsaid'],
    [{ StringNotLike: { 'aws:x': ['a*', 'b*'] } }, { 'aws:x': 'bc' }, 'unsaid'],
    [{ StringEqualsIfExists: { 'aws:x': 'a' } }, {}, 'allowed'],
    [{ StringEqualsIfExists: { 'aws:x': 'a' } }, { 'aws:x': 'b' }, 'unsaid'],
    [{ ArnLike: { 'aws:x': 'arn:aws:ecs:*:*:cluster/etl' } }, { 'aws:x': 'arn:aws:ecs:r:1:cluster/etl' }, 'allowed'],
    [{ ArnNotEquals: { 'aws:x': 'arn:aws:ecs:*' } }, { 'aws:x': 'arn:aws:ecs:r' }, 'unsaid'],
    [{ Bool: { 'aws:x': true } }, { 'aws:x': 'true' }, 'allowed'],
    [{ Null: { 'aws:x': 'true' } }, {}, 'allowed'],
    [{ Null: { 'aws:x': 'false' } }, {}, 'unsaid'],
    [{ 'ForAllValues:StringLike': { 'aws:x': 'RUN#*' } }, { 'aws:x': ['RUN#1', 'RUN#2'] }, 'allowed'],
    [{ 'ForAllValues:StringLike': { 'aws:x': 'RUN#*' } }, { 'aws:x': ['RUN#1', 'SLOT#2'] }, 'unsaid'],
    [{ 'ForAllValues:StringLike': { 'aws:x': 'RUN#*' } }, {}, 'allowed'],
    [{ 'ForAnyValue:StringLike': { 'aws:x': 'RUN#*' } }, { 'aws:x': ['RUN#1', 'SLOT#2'] }, 'allowed'],
    [{ 'ForAnyValue:StringLike': { 'aws:x': 'RUN#*' } }, {}, 'unsaid'],
  ] as const)('with the condition %j judge %j as %s', (condition, context, decision) => {
    expect(decide(onlyIf(condition), structuredClone(context) as Record<string, string | string[]>)).toBe(decision);
  });

  it.each([
    ['an operator that nobody here knows', onlyIf({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    ['a policy variable', { ...all, Resource: `${BUCKET}/\${aws:username}/*` }],
    ['neither Action nor NotAction', { Effect: 'Allow', Resource: '*' }],
    ['a misspelt element', { ...all, Resources: '*' }],
  ])('are not judged by half: %s is refused', (_what, statement) => {
    expect(() => parsePolicy({ Version: '2012-10-17', Statement: [statement] })).toThrow(/local AWS cannot judge/);
  });
});
