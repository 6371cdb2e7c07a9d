/** Whose program makes a call: the daemon, the program in the container, a person's command, `slipway setup`. */
export type AwsCaller = 'agent' | 'worker' | 'cli' | 'setup';

/** A call of an AWS API that this code base makes. */
export interface AwsCall {
  /** As IAM names it: `ecs:RunTask`, `dynamodb:PutItem`. */
  readonly service:
    | 'sqs'
    | 'dynamodb'
    | 'ecs'
    | 's3'
    | 'logs'
    | 'secretsmanager'
    | 'ec2'
    | 'sts'
    | 'sns'
    | 'iam'
    | 'ecr'
    | 'servicequotas';
  readonly operation: string;
  readonly by: readonly AwsCaller[];
  /** What it is made for. */
  readonly why: string;
}

/**
 * All calls of AWS that our programs make. Permissions are made from it, and every call of the agent has its deaths in the
 * crash matrix; `npm run rules` fails where code and list differ.
 */
export const AWS_CALLS: readonly AwsCall[] = [
  {
    service: 'sqs',
    operation: 'ReceiveMessage',
    by: ['agent', 'cli'],
    why: 'take run requests and task events; look at messages',
  },
  { service: 'sqs', operation: 'DeleteMessage', by: ['agent'], why: 'a request is on record, an event is read' },
  {
    service: 'sqs',
    operation: 'ChangeMessageVisibility',
    by: ['agent', 'cli'],
    why: 'give messages back when it stops, or after a look',
  },
  { service: 'sqs', operation: 'SendMessage', by: ['agent', 'cli'], why: 'bury a bad body; ask for a run' },
  {
    service: 'sqs',
    operation: 'GetQueueAttributes',
    by: ['agent', 'cli', 'setup'],
    why: 'find the dead-letter queue; measure what waits; compare',
  },
  { service: 'sqs', operation: 'StartMessageMoveTask', by: ['cli'], why: 'send dead letters once more' },
  { service: 'sqs', operation: 'GetQueueUrl', by: ['agent', 'cli', 'setup'], why: 'find a queue by its name' },
  { service: 'sqs', operation: 'CreateQueue', by: ['setup'], why: 'make the queues' },
  { service: 'sqs', operation: 'SetQueueAttributes', by: ['setup'], why: 'mend what differs' },

  { service: 'dynamodb', operation: 'PutItem', by: ['agent', 'worker', 'cli'], why: 'every step of a run; cancel' },
  {
    service: 'dynamodb',
    operation: 'GetItem',
    by: ['agent', 'worker', 'cli'],
    why: 'a run or a definition as it is now',
  },
  {
    service: 'dynamodb',
    operation: 'BatchWriteItem',
    by: ['agent', 'worker'],
    why: 'steps and reports of a run; forget old runs',
  },
  { service: 'dynamodb', operation: 'TransactWriteItems', by: ['agent'], why: 'a claim with its slots' },
  { service: 'dynamodb', operation: 'BatchGetItem', by: ['agent', 'cli'], why: 'many runs as they are now' },
  { service: 'dynamodb', operation: 'Query', by: ['agent', 'cli'], why: 'queued runs, runs in flight, listings' },
  {
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    by: ['agent'],
    why: 'a move of a run together with the slots that it takes or gives back',
  },
  { service: 'dynamodb', operation: 'UpdateItem', by: ['agent'], why: 'somebody has been told of an ended run' },
  { service: 'sns', operation: 'Publish', by: ['agent', 'cli'], why: 'tell somebody of an ended run' },
  {
    service: 'dynamodb',
    operation: 'DeleteItem',
    by: ['agent'],
    why: 'forget a revision that was deregistered, and the agent itself before its restart',
  },
  { service: 'dynamodb', operation: 'CreateTable', by: ['setup'], why: 'make the table' },
  { service: 'dynamodb', operation: 'DescribeTable', by: ['cli', 'setup'], why: 'see what there is' },
  { service: 'dynamodb', operation: 'UpdateTable', by: ['setup'], why: 'add an index that is missing' },
  { service: 'dynamodb', operation: 'DescribeTimeToLive', by: ['setup'], why: 'see what there is' },
  { service: 'dynamodb', operation: 'UpdateTimeToLive', by: ['setup'], why: 'let old records go' },
  { service: 'dynamodb', operation: 'DescribeContinuousBackups', by: ['setup'], why: 'see what there is' },
  { service: 'dynamodb', operation: 'UpdateContinuousBackups', by: ['setup'], why: 'keep the truth restorable' },

  { service: 'ecs', operation: 'RegisterTaskDefinition', by: ['agent'], why: 'content that nobody has registered' },
  { service: 'ecs', operation: 'RunTask', by: ['agent'], why: 'launch an attempt' },
  { service: 'ecs', operation: 'ListTasks', by: ['agent'], why: 'look up a launch; find orphans' },
  { service: 'ecs', operation: 'DescribeTasks', by: ['agent', 'cli'], why: 'what became of tasks' },
  { service: 'ecs', operation: 'StopTask', by: ['agent'], why: 'cancel, timeouts, orphans' },
  {
    service: 'ecs',
    operation: 'DescribeTaskDefinition',
    by: ['agent', 'cli'],
    why: 'compare a launch; find the log group',
  },
  { service: 'ecs', operation: 'ListTaskDefinitionFamilies', by: ['agent', 'cli'], why: 'find old revisions' },
  { service: 'ecs', operation: 'ListTaskDefinitions', by: ['agent', 'cli'], why: 'find old revisions' },
  {
    service: 'ecs',
    operation: 'DeregisterTaskDefinition',
    by: ['agent', 'cli'],
    why: 'housekeeping.definitions, slipway taskdef prune',
  },
  { service: 'ecs', operation: 'CreateCluster', by: ['setup'], why: 'make the cluster' },

  { service: 's3', operation: 'PutObject', by: ['agent', 'worker'], why: 'artifacts, large parameters, large results' },
  { service: 's3', operation: 'GetObject', by: ['agent', 'worker', 'cli'], why: 'templates, parameters, artifacts' },
  { service: 's3', operation: 'ListObjectsV2', by: ['agent', 'worker', 'cli'], why: 'flows; kept outputs; doctor' },
  { service: 's3', operation: 'HeadBucket', by: ['setup'], why: 'see what there is' },
  { service: 's3', operation: 'CreateBucket', by: ['setup'], why: 'make the bucket' },
  { service: 's3', operation: 'GetPublicAccessBlock', by: ['setup'], why: 'see what there is' },
  { service: 's3', operation: 'PutPublicAccessBlock', by: ['setup'], why: 'close it to the public' },
  { service: 's3', operation: 'GetBucketEncryption', by: ['setup'], why: 'see what there is' },
  { service: 's3', operation: 'PutBucketEncryption', by: ['setup'], why: 'encrypt what is put' },

  { service: 'logs', operation: 'GetLogEvents', by: ['agent', 'cli'], why: "a run's output" },
  {
    service: 'secretsmanager',
    operation: 'ListSecrets',
    by: ['agent', 'cli'],
    why: 'the secrets with the tag of `ecs.secretsTag`',
  },
  { service: 'ec2', operation: 'DescribeNetworkInterfaces', by: ['agent', 'cli'], why: 'the network of its own task' },

  {
    service: 'sts',
    operation: 'GetCallerIdentity',
    by: ['cli'],
    why: 'slipway doctor, and the banner of an agent: who asks; needs no permission',
  },
  { service: 'ecs', operation: 'DescribeClusters', by: ['cli'], why: 'slipway doctor: is the cluster active' },
  { service: 'iam', operation: 'GetRole', by: ['cli'], why: 'slipway doctor: may ECS take on the roles' },
  { service: 'ecr', operation: 'DescribeImages', by: ['cli'], why: 'slipway doctor: are the images there' },
  { service: 'logs', operation: 'DescribeLogGroups', by: ['cli'], why: 'slipway doctor: are the log groups there' },
  { service: 'secretsmanager', operation: 'DescribeSecret', by: ['cli'], why: 'slipway doctor: are the secrets there' },
  { service: 'ec2', operation: 'DescribeSubnets', by: ['cli'], why: 'slipway doctor: free addresses' },
  { service: 'servicequotas', operation: 'GetServiceQuota', by: ['cli'], why: 'slipway doctor: vCPUs on Fargate' },
];
