import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../../src/core/json.ts';
import { comparableDefinition } from '../../src/templates/comparable-definition.ts';
import { differences } from '../../src/templates/differences.ts';

const SENT: JsonMap = {
  family: 'slipway-etl',
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  requiresCompatibilities: ['FARGATE'],
  volumes: [{ name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
  containerDefinitions: [
    {
      name: 'flow',
      image: 'etl:1',
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
      mountPoints: [{ sourceVolume: 'shared', containerPath: '/mnt' }],
    },
    {
      name: 'proxy',
      image: 'haproxy:3',
      portMappings: [{ containerPort: 8080 }],
      healthCheck: { command: ['CMD', 'x'] },
    },
  ],
  tags: [{ key: 'slipway:definition-hash', value: 'one' }],
};

/** The same as ECS tells it back: filled in, reordered, with facts of its own. */
const ECHOED: JsonMap = {
  taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/slipway-etl:42',
  revision: 42,
  status: 'ACTIVE',
  requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
  compatibilities: ['EC2', 'FARGATE'],
  registeredAt: '2026-01-01T00:00:00.000Z',
  registeredBy: 'arn:aws:iam::123456789012:role/agent',
  placementConstraints: [],
  family: 'slipway-etl',
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  requiresCompatibilities: ['FARGATE'],
  enableFaultInjection: false,
  volumes: [
    {
      name: 'shared',
      host: {},
      efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/', transitEncryption: 'DISABLED' },
    },
  ],
  containerDefinitions: [
    {
      name: 'flow',
      image: 'etl:1',
      cpu: 0,
      portMappings: [],
      essential: true,
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      mountPoints: [{ sourceVolume: 'shared', containerPath: '/mnt', readOnly: false }],
      volumesFrom: [],
      systemControls: [],
    },
    {
      name: 'proxy',
      image: 'haproxy:3',
      cpu: 0,
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
      essential: true,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      healthCheck: { command: ['CMD', 'x'], interval: 30, timeout: 5, retries: 3 },
    },
  ],
  tags: [{ key: 'slipway:definition-hash', value: 'another' }],
};

const compared = (sent: JsonMap) => differences(comparableDefinition(ECHOED), comparableDefinition(sent));

describe('a definition that ECS tells back', () => {
  it('does not differ from the one that was sent by what ECS fills in', () => {
    expect(compared(SENT)).toEqual([]);
  });

  it('differs by every leaf that was really changed, with both values', () => {
    const [flow, proxy] = SENT.containerDefinitions as [JsonMap, JsonMap];
    const changed = {
      ...SENT,
      cpu: '512',
      ephemeralStorage: { sizeInGiB: 30 },
      containerDefinitions: [
        { ...flow, environment: [{ name: 'A', value: '9' }] },
        { ...proxy, essential: false },
      ],
    };
    expect(compared(changed)).toEqual([
      { field: 'cpu', change: 'changed', before: '256', now: '512' },
      { field: 'flow.env.A', change: 'changed', before: '1', now: '9' },
      { field: 'proxy.essential', change: 'added', now: false },
      { field: 'ephemeralStorage.sizeInGiB', change: 'added', now: 30 },
      { field: 'flow.env.B', change: 'removed', before: '2' },
    ]);
  });

  it('keeps a host port that is not what ECS would choose', () => {
    const bridge = (hostPort: number): JsonMap => ({
      networkMode: 'bridge',
      containerDefinitions: [{ name: 'flow', portMappings: [{ containerPort: 80, hostPort }] }],
    });
    const fields = differences(comparableDefinition(bridge(0)), comparableDefinition(bridge(80)));
    expect(fields).toEqual([{ field: 'flow.portMappings.80/tcp.hostPort', change: 'added', now: 80 }]);
  });
});
