import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { CurrentNetwork, type InterfaceReader } from '../../src/aws/current-network.ts';
import { Ec2InterfaceReader } from '../../src/aws/ec2-interface-reader.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

let aws: LocalAws;
let ecs: ECSClient;
let metadata: Server;
let metadataUri: string;
let taskArn: string;
let asked: string[];

const interfaces: InterfaceReader = {
  securityGroupsOf: async (id) => {
    asked.push(id);
    return ['sg-1', 'sg-2'];
  },
};

beforeAll(async () => {
  aws = await startLocalAws();
  ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url });
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'agent',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'agent', image: 'busybox', command: ['sleep', '60'] }],
    }),
  );
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: 'main',
      taskDefinition: 'agent',
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-own'] } },
    }),
  );
  taskArn = tasks[0]?.taskArn ?? '';
  metadata = createServer((request, response) => {
    response.writeHead(request.url === '/v4/x/task' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Cluster: 'main', TaskARN: taskArn, Family: 'agent' }));
  });
  metadata.listen(0, '127.0.0.1');
  await once(metadata, 'listening');
  metadataUri = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}/v4/x`;
});
afterAll(async () => {
  metadata.closeAllConnections();
  metadata.close();
  ecs.destroy();
  await aws.stop();
});
beforeEach(() => {
  asked = [];
});

const describeCalls = () => aws.faults.counts().get('ecs.DescribeTasks') ?? 0;

describe('the network of the task that this program is', () => {
  it('is the subnet and the security groups of its network interface, asked for once', async () => {
    const network = new CurrentNetwork({ metadataUri, ecs, interfaces });
    await expect.poll(async () => (await network.read()).ok).toBe(true);
    const before = describeCalls();
    const first = await network.read();
    expect(first).toEqual({ ok: true, value: { subnets: ['subnet-own'], securityGroups: ['sg-1', 'sg-2'] } });
    expect(await network.read()).toBe(first);
    expect(describeCalls()).toBe(before);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^eni-/);
  });

  it('is a fault outside of ECS, with what to do', async () => {
    const network = new CurrentNetwork({ metadataUri: undefined, ecs, interfaces });
    expect(await network.read()).toEqual({
      ok: false,
      error: {
        message: 'there is no network to inherit: this program does not run as an ECS task',
        hint: 'set ecs.network, or run the agent on ECS',
      },
    });
  });

  it('is asked for again after an outage', async () => {
    const network = new CurrentNetwork({ metadataUri, ecs, interfaces });
    const fault = { kind: 'error', name: 'ServerException', message: 'away', status: 400 } as const;
    const heal = aws.faults.add({ operation: 'ecs.DescribeTasks', fault });
    await expect(network.read()).rejects.toThrow('away');
    heal();
    expect((await network.read()).ok).toBe(true);
  });

  it('is asked for again while ECS does not show the interface yet', async () => {
    const details = [
      { name: 'subnetId', value: 'subnet-own' },
      { name: 'networkInterfaceId', value: 'eni-1' },
    ];
    const shown = [{ attachments: [] }, { attachments: [{ type: 'ElasticNetworkInterface', details }] }];
    const later = { send: async () => ({ tasks: [shown.shift()] }) };
    const network = new CurrentNetwork({ metadataUri, ecs: later as unknown as ECSClient, interfaces });
    expect((await network.read()).ok).toBe(false);
    expect((await network.read()).ok).toBe(true);
    expect((await network.read()).ok).toBe(true);
  });

  it('rejects when the metadata endpoint does not know the container', async () => {
    const network = new CurrentNetwork({ metadataUri: metadataUri.replace('/x', '/y'), ecs, interfaces });
    await expect(network.read()).rejects.toThrow('the task metadata endpoint answers 404');
  });
});

describe('the security groups of a network interface', () => {
  it('are read from EC2 by the id of the interface', async () => {
    const sent: unknown[] = [];
    const client = {
      send: async (command: DescribeNetworkInterfacesCommand) => {
        sent.push(command.input);
        return { NetworkInterfaces: [{ Groups: [{ GroupId: 'sg-a' }, { GroupName: 'no id' }, { GroupId: 'sg-b' }] }] };
      },
    };
    // The SDK's `send` has an overload for every command of EC2.
    const reader = new Ec2InterfaceReader(client as unknown as ConstructorParameters<typeof Ec2InterfaceReader>[0]);
    expect(await reader.securityGroupsOf('eni-1')).toEqual(['sg-a', 'sg-b']);
    expect(sent).toEqual([new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-1'] }).input]);
  });
});
