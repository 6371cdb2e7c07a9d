import type { CanaryPlace } from './canaries.ts';

export interface ConfigFacts {
  readonly canaries: Readonly<Record<CanaryPlace, string>>;
  readonly sinkUrl: string;
  /** Where nobody listens. */
  readonly goneUrl: string;
  readonly eventsUrl: string;
  readonly topicArn: string;
  /** A program that keeps what it is told. */
  readonly command: readonly string[];
}

/** A flow's name is public: it stands in every channel, which shows that each channel is looked at. */
export const PUBLIC_FLOW = 'public-flow-name';

/** The configuration of an agent that tells four sinks, one of which is never there. */
export function agentYaml({ canaries, sinkUrl, goneUrl, eventsUrl, topicArn, command }: ConfigFacts): string {
  const sink = { when: ['SUCCEEDED', 'FAILED', 'CRASHED', 'EXPIRED', 'CANCELLED'], throttle: '0s' };
  return JSON.stringify({
    name: 'canary-agent',
    table: 'slipway',
    bucket: 's3://slipway',
    flows: './flows',
    events: { queueUrl: eventsUrl },
    ecs: {
      cluster: 'default',
      taskDefinition: './task-definition.yaml',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      network: { subnets: ['subnet-a'] },
    },
    notify: [
      { ...sink, name: 'slack', to: 'slack', webhook: `${sinkUrl}/slack/${canaries.webhookUrl}` },
      {
        ...sink,
        name: 'hook',
        to: 'webhook',
        webhook: `${sinkUrl}/hook/${canaries.webhookUrl}`,
        secret: canaries.webhookSecret,
      },
      { ...sink, name: 'topic', to: 'sns', topic: topicArn },
      { ...sink, name: 'command', to: 'command', command },
      { ...sink, name: 'gone', to: 'slack', webhook: `${goneUrl}/${canaries.webhookUrl}` },
    ],
  });
}

const SECRETS = { DB_PASSWORD: 'db-password', DB_JSON: 'db-json' };

/** Flows whose secrets their own errors betray, and one that goes well. */
export function flowFiles({ flowEnv }: Readonly<Record<CanaryPlace, string>>): Readonly<Record<string, string>> {
  const env = { API_KEY: flowEnv };
  const worker = { image: 'slipway-worker', env, secrets: SECRETS };
  const flow = (name: string, runConfig: object, more: object = {}): string =>
    JSON.stringify({ flow: name, version: '1', requests: { allow: ['parameters', 'env'] }, runConfig, ...more });
  return {
    'flows/throws.yaml': flow(PUBLIC_FLOW, worker, { artifact: './throws.mjs' }),
    'flows/throws.mjs': THROWS,
    'flows/steps.yaml': flow('stepping', worker, { artifact: './steps.mjs' }),
    'flows/steps.mjs': STEPS,
    'flows/command.yaml': flow('commanding', {
      ...worker,
      command: ['sh', '-c', 'echo "cannot log in with $DB_PASSWORD" >&2; exit 4'],
    }),
    'flows/contained.yaml': flow('contained', {
      image: 'busybox',
      env,
      secrets: SECRETS,
      command: ['sh', '-c', 'test -n "$DB_PASSWORD" || exit 9; exit 3'],
    }),
  };
}

/** As clients of databases word it. */
const THROWS = `
const { DB_PASSWORD, DB_JSON, API_KEY } = process.env;
export default async () => {
  const url = 'postgres://me:' + encodeURIComponent(DB_PASSWORD) + '@db/';
  const basic = Buffer.from(API_KEY).toString('base64');
  throw new Error('no answer from ' + url + ' with ' + DB_PASSWORD + ', ' + JSON.parse(DB_JSON).password + ', ' + basic, {
    cause: new Error('refused: ' + JSON.stringify({ password: DB_PASSWORD, key: API_KEY })),
  });
};
`;

const STEPS = `
import { flow } from 'slipway/sdk';
const { DB_PASSWORD, API_KEY } = process.env;
export default flow('stepping', { version: '1' }, (step) =>
  step('connect', { retries: 0 }, ({ report }) => {
    report.message({ tried: 'Bearer ' + API_KEY });
    throw new Error('denied: ' + DB_PASSWORD);
  }),
);
`;
