import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, defineScalarTag, defineSequenceTag, load } from 'js-yaml';

export const TEMPLATE = 'deploy/slipway.yaml';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default: unknown }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface StackPolicy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** Intrinsic functions as objects with the tag as the only key: `{ '!Ref': 'Name' }`. */
const SCALAR_FUNCTION = defineScalarTag('!', {
  matchByTagPrefix: true,
  resolve: (text, _isExplicit, tag) => ({ [tag]: text }),
  identify: () => false,
});
const LIST_FUNCTION = defineSequenceTag('!', {
  matchByTagPrefix: true,
  create: (tag): { tag: string; items: unknown[] } => ({ tag, items: [] }),
  addItem: ({ items }, item) => {
    items.push(item);
  },
  finalize: ({ tag, items }) => ({ [tag]: items }),
  identify: () => false,
});

const template = load(readFileSync(TEMPLATE, 'utf8'), {
  schema: CORE_SCHEMA.withTags(SCALAR_FUNCTION, LIST_FUNCTION),
}) as Template;

/** Of local AWS. */
const PSEUDO: Readonly<Record<string, string | undefined>> = {
  'AWS::AccountId': '000000000000',
  'AWS::Region': 'us-east-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': undefined,
};

/** How the ARN of a resource goes on after its partition, by type, before its name. */
const ARNS: Readonly<Record<string, readonly [place: string, nameKey: string]>> = {
  'AWS::DynamoDB::Table': ['dynamodb:us-east-1:000000000000:table/', 'TableName'],
  'AWS::SQS::Queue': ['sqs:us-east-1:000000000000:', 'QueueName'],
  'AWS::S3::Bucket': ['s3:::', 'BucketName'],
  'AWS::IAM::Role': ['iam::000000000000:role/', 'RoleName'],
  'AWS::Logs::LogGroup': ['logs:us-east-1:000000000000:log-group:', 'LogGroupName'],
};

/** The inline policies of a role, as IAM has them in a stack of default parameters in local AWS. */
export function stackPolicies(role: string): readonly StackPolicy[] {
  const policies = resolve(template.Resources[role]?.Properties.Policies);
  return (policies as readonly { readonly PolicyDocument: StackPolicy }[]).map(({ PolicyDocument }) => PolicyDocument);
}

const FUNCTIONS: Readonly<Record<string, (of: unknown) => unknown>> = {
  '!Ref': (name) => named(String(name)),
  '!GetAtt': (attribute) => named(String(attribute)),
  '!Sub': (text) => String(text).replace(/\$\{([\w:.]+)\}/g, (_all, name: string) => String(named(name))),
  // Conditions of the roles are all false by default.
  '!If': (choice) => resolve((choice as readonly unknown[])[2]),
};

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const [[tag, of] = ['', undefined]] = Object.entries(value);
  const compute = FUNCTIONS[tag];
  if (compute !== undefined) return compute(of);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
}

function named(name: string): unknown {
  if (name in PSEUDO) return PSEUDO[name];
  const parameter = template.Parameters[name];
  return parameter === undefined ? arnOf(name.replace(/\.Arn$/, '')) : parameter.Default;
}

function arnOf(resource: string): string {
  const { Type: type = '', Properties = {} } = template.Resources[resource] ?? {};
  const [place, nameKey] = ARNS[type] ?? [];
  if (place === undefined || nameKey === undefined) throw new Error(`the ARN of ${resource} is not known here`);
  // A log group's ARN ends so (CloudFormation, AWS::Logs::LogGroup, return values).
  return `arn:aws:${place}${resolve(Properties[nameKey])}${type === 'AWS::Logs::LogGroup' ? ':*' : ''}`;
}
