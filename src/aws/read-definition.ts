import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { JsonMap } from '../core/json.ts';
import { callErrorOf, isAwsError } from './call-error.ts';

/** A task definition as ECS tells it. */
export interface DescribedDefinition {
  readonly arn: string;
  /** With its tags, and with all that ECS adds of its own. */
  readonly content: JsonMap;
}

/** The revision, or the latest active one of a family; undefined if ECS has none. */
export async function readDefinition(ecs: ECSClient, taskDefinition: string): Promise<DescribedDefinition | undefined> {
  try {
    const { taskDefinition: found, tags = [] } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }),
    );
    if (found?.taskDefinitionArn === undefined) return undefined;
    // Dates and the like become text: as JSON it is plain data.
    const content: JsonMap = JSON.parse(JSON.stringify({ ...found, tags }));
    return { arn: found.taskDefinitionArn, content };
  } catch (error) {
    // ECS has no error of its own for it (API DescribeTaskDefinition).
    if (isAwsError(error, 'ClientException') && /unable to describe/i.test(callErrorOf(error).message))
      return undefined;
    throw error;
  }
}
