/**
 * Where moto is known to differ from AWS: the title of a contract case → what moto does instead. Such a case is run
 * against moto expecting failure, so that an entry that is no longer true fails.
 */
export type Deviations = Readonly<Record<string, string>>;

export const SQS_DEVIATIONS: Deviations = {
  'a visibility timeout beyond twelve hours is refused as an attribute': 'is accepted',
  'queues are listed by prefix, page by page': 'ignores MaxResults',
  'an attribute that SQS does not have is InvalidAttributeName': 'is accepted',
  'a message attribute without a value is refused': 'is accepted',
  'a queue with a smaller maximum refuses larger messages, attributes counted': 'counts the body only',
  'a body with a character that SQS does not allow is InvalidMessageContents': 'is accepted',
  'an empty body is refused': 'is accepted',
  'a long poll that its client gave up swallows no message': 'the poll that nobody waits for takes the message',
  'the timeout of a message that is not in flight cannot be changed': 'is accepted',
  'an older receipt handle does not delete a message that was received again': 'deletes it',
  'a message that is refused fails alone, and the others of the batch are sent': 'refuses the batch or sends all of it',
  'a dead letter tells the queue it came from': 'has no DeadLetterQueueSourceArn',
  'a redrive policy that is not JSON is refused': 'answers HTTP 500 in HTML',
  'a dead-letter queue that does not exist is refused': 'says QueueDoesNotExist',
  'a move task brings dead letters back to the queue they came from': 'has no move tasks: HTTP 500 in HTML',
  'a move task can have another destination, and is listed when it has ended': 'has no move tasks: HTTP 500 in HTML',
  'a move task needs a source that is a dead-letter queue': 'has no move tasks: HTTP 500 in HTML',
  'deleting what is in flight frees its group, also for a poll that waits': 'the poll does not notice',
  'a message sent twice with one deduplication id is there once, with one sequence number':
    'answers with the id of a message that it does not keep',
  'a duplicate is recognised also when the message has been deleted': 'forgets it with the message',
  'sequence numbers grow': 'gives random ones',
  'a receipt whose time is over cannot delete from a FIFO queue': 'deletes',
};

export const LOGS_DEVIATIONS: Deviations = {
  'a retention is told, and one that is not on the list is refused': 'takes any number of days',
  'a batch that spans more than a day is refused': 'is accepted',
  'events from too far in the past are left out, and the answer says which': 'gives an index that is one too small',
  'a batch of more than a mebibyte is refused': 'is accepted',
  'a time range includes its start and not its end': 'includes the end',
  'a page has at most a mebibyte, however high its limit': 'counts events only',
  'a filter can be kept to some streams by name or by prefix': 'ignores the prefix',
  'optional terms keep the events that have one of them': 'ignores the terms',
  'a term with a minus drops the events that have it': 'finds nothing',
};

export const SECRETS_MANAGER_DEVIATIONS: Deviations = {
  'a value of more than 64 KiB is refused': 'is accepted',
  'a value with an exclamation mark turns a filter round': 'gives a secret that has the tag',
  'a secret marked for deletion cannot be read or listed, and can be restored':
    'says ResourceExistsException when the name is used again',
};

export const DYNAMODB_DEVIATIONS: Deviations = {
  'an index key of the wrong type is refused': 'is accepted',
  'a request that is wrong is refused before its condition is looked at': 'looks at the condition first',
  'a repeated ClientRequestToken applies once': 'applies it twice',
  'a ClientRequestToken with other actions is IdempotentParameterMismatchException': 'is accepted',
  'TransactGetItems answers in the order of the request, with gaps': 'ignores ProjectionExpression',
  'BatchWriteItem refuses 26 items': 'is accepted',
  'a filter on a key attribute is refused': 'is accepted',
};

export const S3_DEVIATIONS: Deviations = {
  'CreateBucket refuses a name with capitals': 'is accepted',
  'a wrong checksum is refused and nothing is stored': 'is accepted',
  'a wrong Content-MD5 is BadDigest': 'is accepted',
  'ListObjects goes on by marker': 'begins the next page with the common prefix that the last one ended with',
  'parts out of order are InvalidPartOrder': 'is accepted',
  'a finished upload takes no more parts': 'is refused without a code',
};

export const ECS_DEVIATIONS: Deviations = {
  'a bare family means its latest ACTIVE revision': 'means the latest revision, INACTIVE or not',
  'a definition comes back with what ECS fills in': 'leaves out host port and protocol',
  'lists that a container definition leaves out come back empty': 'leaves them out',
  'sizes with units come back as units and MiB': 'tells sizes as they were written',
  'a deregistered definition is INACTIVE, still told, and runs no more': 'runs INACTIVE definitions',
  'refuses a memory that Fargate does not offer with the cpu': 'is accepted',
  'refuses a cpu that Fargate does not offer': 'is accepted',
  'refuses a cpu that is no size at all': 'is accepted',
  'refuses a family with a dot': 'is accepted',
  'refuses two containers of one name': 'is accepted',
  'refuses awslogs on Fargate without an execution role': 'is accepted',
  'refuses an ECR image on Fargate without an execution role': 'is accepted',
  'refuses secrets without an execution role': 'is accepted',
  'refuses a privileged container on Fargate': 'is accepted',
  'refuses more than 64 KiB': 'is accepted',
  'refuses more than 10 tasks at once': 'is accepted',
  'refuses a startedBy of more than 128 characters': 'is accepted',
  'refuses a startedBy with other characters than letters, digits, hyphens, slashes and underscores': 'is accepted',
  'refuses overrides of more than 8192 characters': 'is accepted',
  'refuses an override for a container that the definition lacks': 'is accepted',
  'refuses more than 50 tags': 'is accepted',
  'refuses a tag that begins with aws:': 'is accepted',
  'refuses a Fargate definition on EC2': 'HTTP 500',
  'refuses a launch type together with a strategy': 'is accepted',
  'refuses a size override that Fargate does not offer': 'is accepted',
  'refuses Fargate without a size': 'is accepted',
  'refuses Fargate without awsvpc': 'is accepted',
  'a capacity provider must be associated with the cluster before a task can use it': 'knows no strategies: HTTP 500',
  'a task begins in PROVISIONING with a 32 digit id, and is wanted RUNNING':
    'begins in RUNNING, the id is a UUID with dashes',
  'the exit code of the container is told when the task has stopped': 'runs nothing: exit code 0, no stop code',
  'times are told in the order of a task’s life': 'tells no times and no version',
  'overrides of command and environment reach the container': 'runs nothing: exit code 0',
  'StopTask ends a running task with its reason, and deletes its tags': 'tells no stop code and keeps the tags',
  'StopTask of a task that is not there is an InvalidParameterException': 'HTTP 500',
  'the end of an essential container stops the others': 'tells of one container only',
  'a task that nobody knows is a MISSING failure': 'failures are always empty',
  'the same request with the same token starts nothing more': 'ignores the token',
  'another request with the same token is a conflict that names the tasks': 'ignores the token',
  'a definition that is not there cannot be run': 'is refused in other words',
  'finds tasks by startedBy, and stopped ones only when they are asked for':
    'finds stopped tasks among those wanted RUNNING',
  'tells as many as are asked for, and where to go on': 'ignores maxResults',
  'refuses startedBy together with a family': 'is accepted',
};
