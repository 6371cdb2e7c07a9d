import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startAws } from './clients.ts';

const run = promisify(execFile);

const hasCli = spawnSync('aws', ['--version']).status === 0;
const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0;

function environment(url: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
  };
}

const BOTO_PROGRAM = `
import boto3, json
sqs, logs, secrets = (boto3.client(name) for name in ('sqs', 'logs', 'secretsmanager'))
url = sqs.create_queue(QueueName='boto')['QueueUrl']
sqs.send_message(QueueUrl=url, MessageBody='from boto3', MessageAttributes={'n': {'DataType': 'Number', 'StringValue': '1'}})
message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2, MessageAttributeNames=['All'])['Messages'][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
try:
    sqs.get_queue_url(QueueName='missing')
except sqs.exceptions.QueueDoesNotExist as error:
    code = error.response['Error']['Code']
secrets.create_secret(Name='boto', SecretString='value')
logs.create_log_group(logGroupName='boto')
print(json.dumps({
    'body': message['Body'],
    'attribute': message['MessageAttributes']['n']['StringValue'],
    'code': code,
    'secret': secrets.get_secret_value(SecretId='boto')['SecretString'],
    'groups': [group['logGroupName'] for group in logs.describe_log_groups()['logGroups']],
}))
`;

describe.skipIf(!hasCli)('the AWS CLI', () => {
  it('knows who it is, sends and receives', async () => {
    const aws = await startAws();
    // Version 1 of the CLI has endpoints of its own for SQS, which come before AWS_ENDPOINT_URL.
    const options = ['--endpoint-url', aws.url, '--output', 'json'];
    const cli = async (...args: string[]) => {
      const { stdout } = await run('aws', [...args, ...options], { env: environment(aws.url) });
      return stdout === '' ? {} : JSON.parse(stdout);
    };
    expect(await cli('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
    const { QueueUrl } = await cli('sqs', 'create-queue', '--queue-name', 'cli');
    await cli('sqs', 'send-message', '--queue-url', QueueUrl, '--message-body', 'from the CLI');
    const received = await cli('sqs', 'receive-message', '--queue-url', QueueUrl, '--wait-time-seconds', '2');
    expect(received.Messages).toMatchObject([{ Body: 'from the CLI' }]);
  });
});

describe.skipIf(!hasBoto)('boto3', () => {
  it('works with queues, secrets and logs, and sees the errors by their old codes', async () => {
    const aws = await startAws();
    const { stdout } = await run('python3', ['-c', BOTO_PROGRAM], { env: environment(aws.url) });
    expect(JSON.parse(stdout)).toEqual({
      body: 'from boto3',
      attribute: '1',
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      secret: 'value',
      groups: ['boto'],
    });
  });
});
