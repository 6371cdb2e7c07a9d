import type { Workspace } from '../templates/workspace.ts';
import type { DevSession } from './dev-session.ts';
import { exportLines } from './open-local-aws.ts';
import { tableText } from './print-table.ts';
import type { Style } from './terminal.ts';

export interface BannerFacts {
  /** How this program is called. */
  readonly program: string;
  readonly session: DevSession;
  readonly workspace: Workspace;
  readonly configRef: string | undefined;
  readonly stateDir: string | undefined;
}

/** Where everything is, and the first commands to try. */
export function bannerText(facts: BannerFacts, style: Style): string {
  const { session, workspace, stateDir, configRef } = facts;
  const names = [...workspace.flows.keys()];
  const rows = [
    ['Local AWS', session.endpoint],
    ['Queue', session.queueUrl],
    ['Table', session.table],
    ['Bucket', session.bucket],
    ['State', stateDir ?? 'in memory, forgotten at the end (--ephemeral)'],
    ['Config', configRef ?? 'none: flags and variables only'],
    ['Flows', `${workspace.agent.flows}  ${names.length} found: ${names.join(', ')}`],
    ['Tasks', 'child processes of this command; their output goes to Logs'],
  ];
  return [
    `${style('bold', 'slipway dev')}   local mode, no AWS account is used`,
    '',
    tableText(rows.map(([name = '', value = '']) => ['', style('dim', name), value])),
    '',
    'In another shell, in this folder:',
    ...firstCommands(names).map((line) => `  ${facts.program} ${line}`),
    '',
    'With the AWS CLI, an SDK or boto3:',
    ...[...exportLines(session.endpoint), ...awsCommands(session, names)].map((line) => `  ${line}`),
    '',
    'Ready. Ctrl-C ends it and its tasks.',
  ].join('\n');
}

function firstCommands(names: readonly string[]): readonly string[] {
  return [`run ${exampleOf(names)} --watch`, 'runs ls', 'logs @last'];
}

function exampleOf(names: readonly string[]): string {
  return names.includes('hello') ? 'hello -p name=Ada' : (names[0] ?? '<flow>');
}

function awsCommands({ queueUrl, table }: DevSession, names: readonly string[]): readonly string[] {
  const [flow = '<flow>'] = names.includes('hello') ? ['hello'] : names;
  const parameters = flow === 'hello' ? ',"parameters":{"name":"Ada"}' : '';
  return [
    // Version 1 of the AWS CLI has endpoints of its own for SQS, which come before AWS_ENDPOINT_URL.
    `aws --endpoint-url $AWS_ENDPOINT_URL sqs send-message --queue-url ${queueUrl} --message-body '{"flow":"${flow}","runId":"first-run"${parameters}}'`,
    `aws dynamodb get-item --table-name ${table} --key '{"PK":{"S":"RUN#first-run"},"SK":{"S":"RUN"}}'`,
    'aws ecs list-tasks --cluster default --desired-status STOPPED',
    'aws ecs describe-tasks --cluster default --tasks <task>',
    'aws logs get-log-events --log-group-name /slipway/runs --log-stream-name run/flow/<task id>',
  ];
}
