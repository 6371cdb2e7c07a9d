import { describe, expect, it } from 'vitest';
import { agentSettings } from '../../src/cli/agent-settings.ts';
import { readEnv } from '../../src/cli/env.ts';

const env = (variables: Record<string, string>) => readEnv(variables);

describe('flags and variables', () => {
  it('says more by a flag than by a variable, and keeps the origin of each', () => {
    const settings = agentSettings({ cluster: 'blue' }, env({ SLIPWAY_CLUSTER: 'green', SLIPWAY_TABLE: 'runs' }));
    expect(settings).toEqual({
      'ecs.cluster': { value: 'blue', origin: '--cluster' },
      table: { value: 'runs', origin: 'SLIPWAY_TABLE' },
    });
  });

  it('reads each flag of DESIGN 7.2 into its key of agent.yaml', () => {
    const flags = {
      name: 'a1',
      label: ['prod', 'us'],
      env: ['A=1', 'B=x=y'],
      cluster: 'c',
      launchType: 'FARGATE',
      taskDefinition: 'td.yaml',
      runTaskKwargs: 'kw.yaml',
      taskRoleArn: 'tr',
      executionRoleArn: 'er',
      queueUrl: ['q1', 'q2'],
      table: 't',
      bucket: 's3://b',
      flows: 'f',
      agentAddress: 'http://127.0.0.1:8080',
      logLevel: 'debug',
    };
    const values = Object.fromEntries(
      Object.entries(agentSettings(flags, env({}))).map(([key, { value }]) => [key, value]),
    );
    expect(values).toEqual({
      name: 'a1',
      labels: ['prod', 'us'],
      'ecs.env': { A: '1', B: 'x=y' },
      'ecs.cluster': 'c',
      'ecs.launchType': 'FARGATE',
      'ecs.taskDefinition': 'td.yaml',
      'ecs.runTaskKwargs': 'kw.yaml',
      'ecs.taskRoleArn': 'tr',
      'ecs.executionRoleArn': 'er',
      queues: [
        { url: 'q1', priority: 1 },
        { url: 'q2', priority: 0 },
      ],
      table: 't',
      bucket: 's3://b',
      flows: 'f',
      'http.address': 'http://127.0.0.1:8080',
      logLevel: 'debug',
    });
  });

  it('reads a list in a variable at its commas, and variables for tasks as pairs or as JSON', () => {
    expect(agentSettings({}, env({ SLIPWAY_LABELS: 'prod, us' })).labels?.value).toEqual(['prod', 'us']);
    expect(agentSettings({}, env({ SLIPWAY_ENV: 'A=1,B=2' }))['ecs.env']?.value).toEqual({ A: '1', B: '2' });
    expect(agentSettings({}, env({ SLIPWAY_ENV: '{"A":"1,2"}' }))['ecs.env']?.value).toEqual({ A: '1,2' });
  });

  it('lays variables for tasks by flags over those of the variable, name by name', () => {
    const settings = agentSettings({ env: ['B=flag'] }, env({ SLIPWAY_ENV: 'A=1,B=2' }));
    expect(settings['ecs.env']?.value).toEqual({ A: '1', B: 'flag' });
  });

  it('takes an empty variable for none', () => {
    expect(agentSettings({}, env({ SLIPWAY_TABLE: '' }))).toEqual({});
  });

  it('names the variable whose JSON cannot be read', () => {
    expect(() => agentSettings({}, env({ SLIPWAY_ENV: '{"A":' }))).toThrow(/SLIPWAY_ENV is no JSON map/);
  });
});
