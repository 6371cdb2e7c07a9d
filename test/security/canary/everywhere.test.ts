import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { httpAnswers } from './ask-agent.ts';
import { commandOutputs } from './ask-commands.ts';
import { PUBLIC_FLOW } from './canary-config.ts';
import { AGENT_KEY, CanaryWorld } from './canary-world.ts';
import { type Catch, leaksOf } from './leak-net.ts';

let world: CanaryWorld;
let catches: readonly Catch[];

const RUNS = ['throws', 'steps', 'commands', 'contained', 'refused', 'unplaced'];

/** What is shown because somebody asks for just that: the channels, and which canaries may be in them. */
const ASKED_FOR: readonly { readonly channel: RegExp; readonly canaries: readonly string[]; readonly why: string }[] = [
  {
    channel: /^command runs (get|ls -o json)/,
    canaries: ['parameter', 'body'],
    why: 'the record has its request (DESIGN 7.6)',
  },
  { channel: /^command (render|explain|diff)/, canaries: ['flowEnv'], why: 'the very requests (DESIGN 7.4)' },
];

beforeAll(async () => {
  world = await CanaryWorld.open();
  const { canaries, agent, stage, url, sink } = world;
  const denied = 'User: arn:aws:iam::000000000000:user/a is not authorized to perform: ecs:RunTask on resource: *';
  stage.aws.faults.add({
    operation: 'ecs.RunTask',
    matching: ({ input }) => JSON.stringify(input).includes('slipway/unplaced/'),
    fault: { kind: 'error', name: 'AccessDeniedException', message: denied, status: 400 },
  });
  for (const operation of ['dynamodb.GetItem', 'sqs.DeleteMessageBatch', 's3.GetObject', 'ecs.DescribeTasks']) {
    stage.aws.faults.add({
      operation,
      nth: 4,
      matching: ({ caller }) => caller === AGENT_KEY,
      fault: { kind: 'truncate' },
    });
  }
  sink.refuse(2);
  await agent.until('http.served');
  const request = { parameters: { password: canaries.parameter }, runConfig: { env: { TOKEN: canaries.requestEnv } } };
  await world.send({ ...request, flow: PUBLIC_FLOW, runId: 'throws' });
  await world.send({ ...request, flow: 'stepping', runId: 'steps' });
  await world.send({ ...request, flow: 'commanding', runId: 'commands' });
  await world.send({ ...request, flow: 'contained', runId: 'contained' });
  await world.send({ ...request, flow: 'contained', runId: 'unplaced' });
  await world.send({
    flow: 'contained',
    runId: 'refused',
    parameters: { password: canaries.parameter },
    runConfig: { env: { TOKEN: canaries.requestEnv }, taskRoleArn: canaries.requestEnv },
  });
  await world.send(`{"flow": "contained", "parameters": {"password": "${canaries.body}`);
  await world.send({ 'detail-type': 'ECS Task State Change', detail: { taskArn: [canaries.event] } }, 'events');
  await world.send(`{"source": ${canaries.event}`, 'events');
  agent.child.kill('SIGUSR2');
  agent.child.kill('SIGHUP');
  await stage.untilEnded(RUNS.length + 1);
  const toldOf = () => RUNS.filter((runId) => world.commandTold.includes(`"runId":"${runId}"`));
  await vi.waitFor(() => expect(toldOf()).toEqual(RUNS), { timeout: 30_000, interval: 100 });
  const posted = () => sink.received.filter((text) => text.includes(PUBLIC_FLOW));
  await vi.waitFor(() => expect(posted().length).toBeGreaterThanOrEqual(2), { timeout: 30_000, interval: 100 });
  await agent.until('event.unreadable');
  const answers = await httpAnswers(url, canaries);
  const printed = [`cannot log in with ${canaries.secret}`];
  catches = [...answers, ...(await commandOutputs(world)), ...(await world.collect(printed))];
}, 120_000);
afterAll(() => world.close());

describe('a secret in every place where somebody might put one', () => {
  it('is in no log, record, file, metric, answer, event, notification or error, in whatever encoding', () => {
    const leaks = leaksOf(catches, world.canaries).filter(
      ({ channel, canary }) =>
        !ASKED_FOR.some((asked) => asked.channel.test(channel) && asked.canaries.includes(canary)),
    );
    expect(leaks).toEqual([]);
  });

  // The name of a flow is nobody's secret and stands everywhere: where it is not found, nothing was looked at.
  it.each([
    'agent log',
    'record',
    'file',
    'ECS event',
    'task log',
    'http /metrics',
    'notification webhook',
    'notification command',
    'notification sns',
    'command runs ls',
    'command runs get',
    'command why',
    'command trace',
    'command explain',
    'command render',
  ])('would have been caught: what is public is found in %s', (channel) => {
    const found = leaksOf(catches, { public: PUBLIC_FLOW });
    expect(found.map((leak) => leak.channel).filter((name) => name.startsWith(channel))).not.toEqual([]);
  });

  it.each(ASKED_FOR)('is only shown to who asks for it: $why', ({ channel, canaries }) => {
    const found = leaksOf(catches, world.canaries).filter((leak) => channel.test(leak.channel));
    expect(new Set(found.map(({ canary }) => canary))).toEqual(new Set(canaries));
  });
});
