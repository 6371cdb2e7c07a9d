import { AWS_CALLS } from '../src/aws/aws-calls.ts';
import { CALLS_WITHOUT_DEATH, operationsWithDeath } from '../test/crash/crash-calls.ts';

const LIST = 'src/aws/aws-calls.ts';

/** SDK packages → the service as IAM names it. */
const SERVICES: Readonly<Record<string, string>> = {
  'client-sqs': 'sqs',
  'client-dynamodb': 'dynamodb',
  'lib-dynamodb': 'dynamodb',
  'client-ecs': 'ecs',
  'client-s3': 's3',
  'client-cloudwatch-logs': 'logs',
  'client-secrets-manager': 'secretsmanager',
  'client-ec2': 'ec2',
  'client-iam': 'iam',
  'client-sts': 'sts',
  'client-sns': 'sns',
  'client-ecr': 'ecr',
  'client-service-quotas': 'servicequotas',
};

/** The document client's commands → the API's. */
const DOCUMENT_COMMANDS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Delete: 'DeleteItem',
  Update: 'UpdateItem',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  TransactWrite: 'TransactWriteItems',
  TransactGet: 'TransactGetItems',
};

/** The calls that a source file makes, by the commands and paginators that it imports: `ecs.RunTask`. */
export function awsCallsIn(text: string): readonly string[] {
  const imports = text.matchAll(/import\s+\{([^}]*)\}\s+from\s+'@aws-sdk\/([a-z0-9-]+)'/g);
  return [...imports].flatMap(([, names = '', module = '']) =>
    names.split(',').flatMap((name) => {
      const operation = operationOf(name.trim(), module);
      return operation === undefined ? [] : [`${SERVICES[module] ?? module}.${operation}`];
    }),
  );
}

/**
 * What is wrong between the calls that the code makes, the list of them, and the crash matrix: a call that nobody lists, a
 * listed one that nobody makes, a call of the agent at which no agent dies.
 */
export function awsCallFaults(files: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
  const listed = new Set(AWS_CALLS.map(({ service, operation }) => `${service}.${operation}`));
  const made = new Map<string, string>();
  for (const { name, text } of files) for (const call of awsCallsIn(text)) made.set(call, name);
  const deaths = operationsWithDeath();
  return [
    ...[...made].flatMap(([call, file]) => (listed.has(call) ? [] : [`${file}: calls ${call}, which ${LIST} lacks`])),
    ...[...listed].flatMap((call) => (made.has(call) ? [] : [`${LIST}: nobody calls ${call}`])),
    ...AWS_CALLS.filter(({ by }) => by.includes('agent')).flatMap(({ service, operation }) => {
      const call = `${service}.${operation}`;
      if (deaths.has(call) || Object.hasOwn(CALLS_WITHOUT_DEATH, call)) return [];
      return [`test/crash/crash-calls.ts: no agent dies at ${call}`];
    }),
  ];
}

function operationOf(name: string, module: string): string | undefined {
  const command = /^([A-Z][A-Za-z0-9]*)Command$/.exec(name)?.[1] ?? /^paginate([A-Z][A-Za-z0-9]*)$/.exec(name)?.[1];
  if (command === undefined) return undefined;
  const operation = module === 'lib-dynamodb' ? (DOCUMENT_COMMANDS[command] ?? command) : command;
  // IAM knows SQS's batches by the single call (Actions defined by Amazon SQS).
  return module === 'client-sqs' ? operation.replace(/(Message)Batch$|(Visibility)Batch$/, '$1$2') : operation;
}
