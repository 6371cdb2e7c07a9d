import {
  DeregisterTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';

/**
 * The way of launchers that make a task definition for each run and take it away again: three calls, of which two share
 * ECS's narrowest rate. Resolves to whether all three went through.
 */
export async function registerRunDeregister(ecs: ECSClient, runId: string): Promise<boolean> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `run-${runId}`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'flow', image: 'busybox', command: ['true'] }],
    }),
  );
  const arn = taskDefinition?.taskDefinitionArn;
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({
      taskDefinition: arn,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    }),
  );
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
  return tasks.length === 1;
}
