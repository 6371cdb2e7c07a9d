import { STOP_WAIT_SECONDS } from './install-place.ts';

export interface AgentTaskOptions {
  /** The image made by Dockerfile.agent. */
  readonly image: string;
  /** agent.yaml in S3: `s3://bucket/agent.yaml`. */
  readonly config: string;
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;
  readonly logGroup: string;
  readonly region: string;
}

/**
 * API RegisterTaskDefinition: the agent as an ECS service on Fargate. It runs as no root on a read-only disk. ECS does not
 * look at an image's HEALTHCHECK, so the check stands here (API HealthCheck); a service replaces a task that fails it.
 */
export function agentTaskDefinition(options: AgentTaskOptions): Readonly<Record<string, unknown>> {
  return {
    // Outside the prefix of flows, so that no flow can be in its place.
    family: 'agent-of-slipway',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    taskRoleArn: options.taskRoleArn,
    executionRoleArn: options.executionRoleArn,
    containerDefinitions: [container(options)],
    volumes: [{ name: 'tmp' }],
  };
}

function container({ image, config, logGroup, region }: AgentTaskOptions): Readonly<Record<string, unknown>> {
  return {
    name: 'agent',
    image,
    essential: true,
    command: ['agent', 'start', '--config', config],
    environment: [{ name: 'AWS_REGION', value: region }],
    readonlyRootFilesystem: true,
    mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp' }],
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    stopTimeout: STOP_WAIT_SECONDS,
    healthCheck: {
      command: ['CMD', 'node', '/slipway/dist/cli/main.js', 'agent', 'health'],
      interval: 30,
      timeout: 10,
      retries: 3,
      startPeriod: 60,
    },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': logGroup, 'awslogs-region': region, 'awslogs-stream-prefix': 'agent' },
    },
  };
}
