import type { AwsPlace } from '../../core/aws-place.ts';
import { type PolicyDocument, policyOf } from './policy-document.ts';

export type TrustedService = 'ec2' | 'ecs-tasks';

/** Who may take a role on. ECS only for tasks of this account: no other account's tasks can borrow it (confused deputy). */
export function trustPolicy(service: TrustedService, { partition, region, account }: AwsPlace): PolicyDocument {
  const ofThisAccount = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
  };
  return policyOf([
    {
      Sid: 'Trust',
      Effect: 'Allow',
      Principal: { Service: principalOf(service, partition) },
      Action: ['sts:AssumeRole'],
      ...(service === 'ec2' ? {} : { Condition: ofThisAccount }),
    },
  ]);
}

/** EC2 has another name in China (AWS in China guide, "Amazon EC2"); ECS has the same everywhere. */
function principalOf(service: TrustedService, partition: string): string {
  return service === 'ec2' && partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : `${service}.amazonaws.com`;
}
