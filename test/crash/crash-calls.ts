import type { Call } from '../../src/local/faults.ts';
import { itemsWritten } from './items-written.ts';

/** A call in the life of a run at which an agent can die. */
export interface CrashCall {
  /** `<service>.<Operation>`, one or several. */
  readonly operations: readonly string[];
  /** Which of them; all if left out. */
  readonly matching?: (call: Call) => boolean;
  /** Must be met by an agent that starts just then: one that works already has asked before. */
  readonly byFreshAgent?: boolean;
}

const WRITES = ['dynamodb.PutItem', 'dynamodb.TransactWriteItems'] as const;

/** The write of a run's record with this status; `isFirst` of the very first version, or not of it. */
function writes(status: string, isFirst?: boolean): CrashCall {
  const matching = (call: Call): boolean =>
    itemsWritten(call).some(
      (item) =>
        String(item.PK).startsWith('RUN#') &&
        item.status === status &&
        (isFirst === undefined || (item.version === 1) === isFirst),
    );
  return { operations: WRITES, matching };
}

function textHas(operation: string, ...words: readonly string[]): CrashCall {
  return {
    operations: [operation],
    matching: ({ input }) => {
      const text = JSON.stringify(input);
      return words.every((word) => text.includes(word));
    },
  };
}

/** Every call that an agent makes for a run, by what it is for. */
export const CRASH_CALLS = {
  receive: { operations: ['sqs.ReceiveMessage'], byFreshAgent: true },
  accept: writes('QUEUED', true),
  reject: writes('FAILED', true),
  'find the dead-letter queue': { operations: ['sqs.GetQueueAttributes'], byFreshAgent: true },
  'name the dead-letter queue': { operations: ['sqs.GetQueueUrl'], byFreshAgent: true },
  bury: { operations: ['sqs.SendMessage'] },
  delete: { operations: ['sqs.DeleteMessageBatch'] },
  'keep large parameters': textHas('s3.PutObject', '/accepted/'),
  'read large parameters': textHas('s3.GetObject', '/accepted/'),
  'put the artifact': textHas('s3.PutObject', '/artifacts/'),
  'look for queued runs': textHas('dynamodb.Query', '"queued"'),
  'find the definition': textHas('dynamodb.GetItem', 'DEFINITION#'),
  register: { operations: ['ecs.RegisterTaskDefinition'] },
  'save the definition': textHas('dynamodb.PutItem', 'DEFINITION#'),
  'read schedules': textHas('dynamodb.BatchGetItem', '"SCHEDULE#'),
  claim: writes('LAUNCHING'),
  launch: { operations: ['ecs.RunTask'] },
  'look up the task': { operations: ['ecs.ListTasks'] },
  record: writes('STARTING'),
  'look for runs in flight': { operations: ['dynamodb.Query'], matching: isLookInFlight },
  'read runs': { operations: ['dynamodb.BatchGetItem'] },
  observe: { operations: ['ecs.DescribeTasks'] },
  'note that it runs': writes('RUNNING'),
  'note the stop': { operations: WRITES, matching: (call) => itemsWritten(call).some(isBeingStopped) },
  stop: { operations: ['ecs.StopTask'] },
  'settle as SUCCEEDED': writes('SUCCEEDED'),
  'settle as FAILED': writes('FAILED', false),
  'settle as CRASHED': writes('CRASHED'),
  'settle as CANCELLED': writes('CANCELLED'),
  'back to the queue': writes('QUEUED', false),
  'look for who is to be told': textHas('dynamodb.Query', '"NOTICES"'),
  tell: { operations: ['sns.Publish'] },
  'note who was told': textHas('dynamodb.UpdateItem', 'ADD told'),
  'note that all were told': textHas('dynamodb.UpdateItem', 'REMOVE inFlightShard'),
} as const satisfies Record<string, CrashCall>;

export type CrashCallName = keyof typeof CRASH_CALLS;

/** The index has other keys, too: of runs to be told of, and of queued runs by when they are too late. */
function isLookInFlight({ input }: Call): boolean {
  const text = JSON.stringify(input);
  return text.includes('"inFlight"') && !text.includes('"LATE#') && !text.includes('"NOTICES"');
}

function isBeingStopped(item: Readonly<Record<string, unknown>>): boolean {
  return typeof item.record === 'string' && item.record.includes('"stopping":');
}

/** Calls of the agent without a death of their own, and why they need none. */
export const CALLS_WITHOUT_DEATH: Readonly<Record<string, string>> = {
  'sqs.ChangeMessageVisibility':
    'made only by an agent that is ending already; what it does not give back comes by itself',
  'dynamodb.DeleteItem':
    'forgets a revision that was deregistered, or this agent before its restart; left undone, it is done the next time',
  'dynamodb.BatchWriteItem':
    'puts reports of a run that is not settled yet: the next agent puts the same ones in the same places; or deletes an ' +
    'old run, its record last',
  'logs.GetLogEvents': 'reads the output of an ended container before its run is settled, and changes nothing',
  'ecs.DescribeTaskDefinition': 'reads where that output is, and changes nothing',
  'ecs.ListTaskDefinitionFamilies': 'looks for old revisions, and changes nothing',
  'ecs.ListTaskDefinitions': 'looks for old revisions, and changes nothing',
  'ecs.DeregisterTaskDefinition': 'takes away what no run uses; the next beat finds what is left',
  's3.ListObjectsV2': 'reads the flows before anything is launched',
  'secretsmanager.ListSecrets': 'reads names before the claim, and changes nothing',
  'ec2.DescribeNetworkInterfaces': 'reads the network before the claim, and changes nothing',
};

/** `<service>.<Operation>` of every call that an agent dies at; a batch counts as what IAM calls it. */
export function operationsWithDeath(): ReadonlySet<string> {
  const calls: readonly CrashCall[] = Object.values(CRASH_CALLS);
  return new Set(calls.flatMap(({ operations }) => operations.map((name) => name.replace(/(Message)Batch$/, '$1'))));
}
