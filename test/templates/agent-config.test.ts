import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { parseAgentConfig } from '../../src/templates/agent-config.ts';
import { parseYaml } from '../../src/templates/parse-yaml.ts';
import type { Settings } from '../../src/templates/settings.ts';

function read(text: string, settings: Settings = {}) {
  const document = parseYaml(new TextEncoder().encode(text), 'conf/agent.yaml');
  if (!document.ok) throw new Error('is YAML');
  const config = parseAgentConfig(document.value, settings, 'host-1');
  return config.ok ? config.value : config.error.map((fault) => formatFault(fault));
}

describe('agent.yaml', () => {
  it('says how house is kept: orphans by default, all else only if it is asked for', () => {
    expect(read('')).toMatchObject({ housekeeping: { orphans: { enabled: true, cron: '*/2 * * * *' } } });
    const written = 'housekeeping: {orphans: {enabled: false}, definitions: {keep: 3}, retention: {days: 30}}';
    expect(read(written)).toMatchObject({
      housekeeping: {
        orphans: { enabled: false },
        definitions: { keep: 3, cron: '30 3 * * *' },
        retention: { days: 30, cron: '0 4 * * *' },
      },
    });
  });

  it('refuses a house that cannot be kept so', () => {
    expect(read('housekeeping: {retention: {days: 3}}')).toEqual([
      'conf/agent.yaml:1:34 housekeeping.retention.days has to be a whole number of days from 15 to 3660: a message may come back for 14 days, and must find its run',
    ]);
    expect(read('housekeeping: {orphans: {cron: "0 0 30 2 *"}}')).toEqual([
      expect.stringMatching(/^conf\/agent\.yaml:1:\d+ housekeeping\.orphans\.cron is no beat: .*never fires/),
    ]);
    expect(read('housekeeping: {definitions: {keep: 5, cron: "at(2030-01-01)"}}')).toEqual([
      expect.stringContaining('is due only once: "at(2030-01-01)"'),
    ]);
    expect(read('housekeeping: {definitions: {keep: 0}, orphan: {}}')).toEqual([
      expect.stringContaining('housekeeping.definitions.keep has to be a whole number from 1 on'),
      expect.stringContaining('orphans'),
    ]);
  });

  it('says little where defaults do', () => {
    expect(read('')).toMatchObject({
      name: 'host-1',
      labels: [],
      strictLabels: false,
      queues: [],
      flows: 'conf/flows',
      limits: {
        concurrentRuns: 100,
        launchesPerSecond: 18,
        registrationsPerSecond: 0.9,
        readsPerSecond: 15,
        stopsPerSecond: 15,
        concurrency: [],
      },
      timeouts: { startMs: 900_000 },
      retries: { FAILED: { max: 0 }, CRASHED: { max: 3, delayMs: 30_000, backoff: 2, escalate: [] } },
      logLevel: 'info',
    });
  });

  it('takes every key of its contract', () => {
    const config = read(`name: etl-prod-1
labels: [prod, us]
strictLabels: true
queues: [{url: https://sqs/q, priority: 2}]
events: {queueUrl: https://sqs/e}
table: slipway-prod
bucket: s3://acme-slipway/prod
flows: s3://acme-slipway/flows
roots: [../shared]
ecs:
  {cluster: c, launchType: FARGATE, taskDefinition: td.yaml, runTaskKwargs: kw.yaml, containerName: flow, image: x,
   taskRoleArn: a, executionRoleArn: b, env: {A: 1}, secrets: {S: arn}, secretsTag: t, familyPrefix: p,
   network: {subnets: [a], securityGroups: [b], assignPublicIp: DISABLED}, inherit: current-task}
profiles: {roomy: {cpu: 4 vCPU, memory: 30 GB, ephemeralStorage: 100}}
environments: {prod: {runConfig: {env: {DB: prod}}}}
limits: {concurrentRuns: 20, launchesPerSecond: 0.5, concurrency: [{key: warehouse, limit: 4}]}
timeouts: {queue: 2h, start: 15m, run: 1h30m, stop: 90s}
retries: {FAILED: {max: 1, delay: 5m, onExitCode: [75]}, CRASHED: {max: 5, maxDelay: 10m, escalate: [medium, large]}}
http: {address: "127.0.0.1:4200", token: secret}
senders: {AIDA: [etl, "nightly_*"]}
notify: [{when: [FAILED], to: slack, webhook: https://hooks.slack.test/x}]
logLevel: debug
`);
    expect(config).toMatchObject({
      name: 'etl-prod-1',
      flows: 's3://acme-slipway/flows',
      roots: ['shared'],
      timeouts: { queueMs: 7_200_000, startMs: 900_000, runMs: 5_400_000 },
      retries: {
        FAILED: { max: 1, delayMs: 300_000, maxDelayMs: 3_600_000, onExitCode: [75] },
        CRASHED: { max: 5, delayMs: 30_000, maxDelayMs: 600_000, escalate: ['medium', 'large'] },
      },
      senders: { AIDA: ['etl', 'nightly_*'] },
    });
  });

  it('gives way to flags and variables, whose text is read as the key wants it', () => {
    const config = read('labels: [a]\nlimits: {concurrentRuns: 5}\n', {
      labels: { value: 'b, c', origin: 'SLIPWAY_LABELS' },
      'limits.concurrentRuns': { value: '7', origin: 'SLIPWAY_CONCURRENT_RUNS' },
      strictLabels: { value: 'true', origin: '--strict-labels' },
      flows: { value: './here', origin: '--flows' },
    });
    expect(config).toMatchObject({
      labels: ['b', 'c'],
      strictLabels: true,
      limits: { concurrentRuns: 7 },
      flows: './here',
    });
  });

  it('tells a bad flag by its name', () => {
    expect(read('', { 'limits.concurrentRuns': { value: 'many', origin: '--concurrent-runs' } })).toEqual([
      '--concurrent-runs limits.concurrentRuns has to be a number',
    ]);
    expect(read('', { 'ecs.launchType': { value: 'FARGTE', origin: 'SLIPWAY_LAUNCH_TYPE' } })).toEqual([
      'SLIPWAY_LAUNCH_TYPE launchType takes no "FARGTE"; did you mean "FARGATE"?',
    ]);
  });

  it('may have keys with nothing behind them', () => {
    expect(read('table: runs\nevents:\nnotify:\n')).toMatchObject({ table: 'runs', notify: [] });
  });
});
