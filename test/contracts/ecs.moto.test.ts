import { inject } from 'vitest';
import { ecsContract } from './ecs-contract.ts';
import { ECS_DEVIATIONS } from './moto-deviations.ts';

/** moto takes only subnets and security groups that its EC2 knows. */
async function describeEc2(endpoint: string, action: string, element: string): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: `Action=${action}&Version=2016-11-15`,
  });
  const text = await response.text();
  const [, id] = new RegExp(`<${element}>([^<]+)<`).exec(text) ?? [];
  if (id === undefined) throw new Error(`moto's ${action} has no ${element}: ${text.slice(0, 500)}`);
  return id;
}

ecsContract(
  'moto',
  async () => {
    const endpoint = inject('motoEndpoint');
    return {
      endpoint,
      subnet: await describeEc2(endpoint, 'DescribeSubnets', 'subnetId'),
      securityGroup: await describeEc2(endpoint, 'DescribeSecurityGroups', 'groupId'),
      stop: async () => undefined,
    };
  },
  ECS_DEVIATIONS,
);
