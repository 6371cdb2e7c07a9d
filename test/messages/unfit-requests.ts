import { type MessageCase, rejected, request } from './message-case.ts';

const WRONG_TEXT: readonly unknown[] = [
  null,
  true,
  7,
  '',
  [],
  ['a'],
  {},
  'x'.repeat(257),
  'a\u0000b',
  'a\nb',
  '\u001b[31m',
  '\ud800',
];
const WRONG_MAP: readonly unknown[] = [null, true, 7, '', 'text', [], [{}]];

/** What each field does not take. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  flow: WRONG_TEXT,
  flowVersion: WRONG_TEXT,
  idempotencyKey: WRONG_TEXT,
  org: WRONG_TEXT,
  environment: WRONG_TEXT,
  deployment: WRONG_TEXT,
  correlationId: WRONG_TEXT,
  parameters: WRONG_MAP,
  runConfig: WRONG_MAP,
  metadata: WRONG_MAP,
  trigger: [...WRONG_MAP, { source: '' }, { source: 1 }, { by: 7 }, { source: 'a\r\nb' }],
  labels: [null, 'a', {}, [''], [1], [null], ['a\u0007'], ['ok', []]],
  priority: [null, true, '1', 1.5, 1001, -1001, 1e308, [], {}],
  notBefore: [
    null,
    7,
    'tomorrow',
    '2026-10-01',
    '2026-10-01T00:00:00',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-10-01T25:00:00Z',
    '1e9',
    {},
  ],
  expiresAt: [null, 7, 'never', '2026-10-01 00:00:00Z', '2026-10-01T00:00:00+25:00', '01.10.2026', 'P1D', []],
};

/** Ids go into `startedBy`, tags and addresses. */
const WRONG_IDS: readonly unknown[] = [
  null,
  7,
  '',
  ' ',
  'a b',
  'a.b',
  'a/b',
  'a:b',
  'a\\b',
  '../x',
  '%2e%2e',
  'a\n',
  '\u0000',
  'r\u0301',
  'é',
  'а-cyrillic',
  'ｆull',
  'a\u200bb',
  '\u202eabc',
  '😀',
  '\ud83d',
  'x'.repeat(65),
  ['a'],
  {},
  '$(id)',
  "';--",
];

/** Nothing but a file in S3 is an address of parameters; least of all what answers inside the network. */
export const HOSTILE_ADDRESSES: readonly string[] = [
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://169.254.170.2/v2/credentials',
  'http://169.254.170.23/v1/credentials',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://localhost/',
  'http://127.0.0.1:80/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://[::ffff:169.254.169.254]/',
  'http://169.254.169.254.nip.io/',
  'https://bucket.s3.amazonaws.com/key',
  'https://bucket.s3.amazonaws.com/key?X-Amz-Signature=0',
  '//169.254.169.254/',
  'file:///etc/passwd',
  'file://localhost/etc/passwd',
  '/etc/passwd',
  '../../etc/passwd',
  'ftp://host/file',
  'gopher://127.0.0.1:6379/_INFO',
  'data:application/json,{}',
  'javascript:alert(1)',
  'jar:file:///a.jar!/b',
  's3://',
  's3://bucket',
  's3://bucket/',
  's3:///key',
  's3:bucket/key',
  'S3://bucket/key',
  's3://169.254.169.254/latest/meta-data',
  's3://127.0.0.1/x',
  's3://user@evil/key',
  's3://bucket:80/key',
  's3://Bucket/key',
  's3://bu cket/key',
  's3://bucket?x/key',
  's3://bucket#x/key',
  's3://-bucket/key',
  's3://a/key',
  's3://b..d/key',
  's3://bucket/../other/key',
  's3://bucket/a/../../key',
  's3://bucket/./key',
  's3://bucket/a\u0000b',
  's3://bucket/a\r\nHost: evil',
  ' s3://bucket/key',
  's3a://bucket/key',
  'arn:aws:s3:::bucket/key',
  `s3://bucket/${'k'.repeat(1_025)}`,
];

const UNKNOWN: readonly string[] = [
  'flwo',
  'Flow',
  'FLOW',
  'flowname',
  'run_Id',
  'runID',
  'params',
  'env',
  'image',
  'taskRoleArn',
  'command',
  'overrides',
  'clientToken',
  'startedBy',
  'cluster',
  'tags',
  'secrets',
  '',
  ' flow',
  'flow ',
  'ﬂow',
  'constructor2',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'Type',
  'Records',
];

const ALIASES: Readonly<Record<string, object>> = {
  flow_name: { flow: 'other' },
  flow_version: { flowVersion: '1' },
  run_id: { runId: 'r1' },
  idempotency_key: { idempotencyKey: 'k' },
  org_id: { org: 'a' },
  deployment_name: { deployment: 'd' },
  correlation_id: { correlationId: 'c' },
  trigger_source: { trigger: { source: 's' } },
  triggered_by: { trigger: { by: 'b' } },
  workload_profile: { runConfig: { profile: 'p' } },
  cpu: { runConfig: { cpu: 1 } },
  memory: { runConfig: { memory: 1 } },
  ephemeral_storage_gib: { runConfig: { ephemeralStorage: 21 } },
  extra_env_vars: { runConfig: { env: {} } },
  secrets_env: { runConfig: { secrets: {} } },
};

/** Messages of other senders that end up on the wrong queue. */
const STRAYS: Readonly<Record<string, object>> = {
  'an SNS notification': {
    Type: 'Notification',
    MessageId: 'x',
    TopicArn: 'arn:aws:sns:us-east-1:123456789012:t',
    Message: '{"flow":"etl"}',
  },
  'an event': { version: '0', id: 'x', 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail: {} },
  "S3's test": { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' },
  'notifications of S3': { Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'b' } } }] },
  'a Celery task': { body: 'W10=', 'content-encoding': 'utf-8', headers: { task: 'etl' }, properties: {} },
  'an empty object': {},
};

/** Bodies that are JSON objects, and requests for nothing that can be run. */
export function unfitRequests(): readonly MessageCase[] {
  return [
    ...Object.entries(WRONG).flatMap(([field, values]) => values.map((value) => wrong(field, value))),
    ...WRONG_IDS.map((value) => wrong('runId', value)),
    ...HOSTILE_ADDRESSES.map((value) => wrong('parametersS3Uri', value)),
    ...UNKNOWN.map((key) =>
      rejected(`unknown: ${JSON.stringify(key)}`, `{"flow":"etl",${JSON.stringify(key)}:1}`, `unknown key "${key}"`),
    ),
    ...Object.entries(ALIASES).map(([alias, own]) =>
      rejected(`twice: ${alias}`, request({ ...own, [alias]: 'x' }), `${alias} and`),
    ),
    ...Object.entries(STRAYS).map(([name, body]) =>
      rejected(`stray: ${name}`, JSON.stringify(body), 'flow: is missing'),
    ),
    rejected(
      'parameters in two places',
      request({ parameters: { a: 1 }, parametersS3Uri: 's3://bucket/key' }),
      'exclude each other',
    ),
    rejected('many faults at once', '{"priority":"high","labels":7,"xyzzy":1}', 'flow: is missing; '),
    ...largeRequests(),
  ];
}

function wrong(field: string, value: unknown): MessageCase {
  const text = JSON.stringify(value);
  const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return rejected(`${field}: ${shown}`, request({ [field]: value }), `${field}`);
}

function largeRequests(): readonly MessageCase[] {
  return [
    rejected(
      'large: parameters without a bucket for them',
      [
        ['{"flow":"etl","parameters":{"a":"', 1],
        ['a', 100_001],
        ['"}}', 1],
      ],
      'larger than 100 KB',
    ),
    rejected(
      'large: metadata',
      [
        ['{"flow":"etl","metadata":{"a":"', 1],
        ['a', 200_001],
        ['"}}', 1],
      ],
      'a record holds 200000',
    ),
    rejected(
      'large: labels',
      [
        ['{"flow":"etl","labels":["a"', 1],
        [',"a"', 60_000],
        [']}', 1],
      ],
      'a record holds 200000',
    ),
    rejected(
      'large: a run config',
      [
        ['{"flow":"etl","runConfig":{"env":{"A":"', 1],
        ['a', 200_001],
        ['"}}}', 1],
      ],
      'a record holds 200000',
    ),
    rejected(
      'large: a hundred thousand unknown keys',
      [
        ['{"flow":"etl"', 1],
        [',"x":1', 1],
        [',"y1":1,"y2":2', 20_000],
        ['}', 1],
      ],
      'unknown key',
    ),
    rejected(
      'large: parameters of many letters that take more bytes',
      [
        ['{"flow":"etl","parameters":{"a":"', 1],
        ['😀', 25_001],
        ['"}}', 1],
      ],
      'larger than 100 KB',
    ),
  ];
}
