import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, inject, it } from 'vitest';
import { AccountInspector } from '../../src/aws/account-inspector.ts';
import { trustPolicy } from '../../src/cli/policies/trust-policy.ts';

const options = () => ({ endpoint: inject('motoEndpoint'), region: 'us-east-1' });
const PLACE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };

/** An image manifest without layers, as registries know it. */
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 2, digest: `sha256:${'0'.repeat(64)}` },
  layers: [],
});

describe('what the doctor looks at, in moto', () => {
  it('is who may take on a role that was made with our trust policy', async () => {
    const AssumeRolePolicyDocument = JSON.stringify(trustPolicy('ecs-tasks', PLACE));
    await new IAMClient(options()).send(new CreateRoleCommand({ RoleName: 'inspected', AssumeRolePolicyDocument }));
    const inspector = new AccountInspector(options());
    expect(await inspector.trustOf('arn:aws:iam::123456789012:role/inspected')).toContain('ecs-tasks');
    await expect(inspector.trustOf('arn:aws:iam::123456789012:role/nobody')).rejects.toMatchObject({
      name: expect.stringMatching(/^NoSuchEntity/),
    });
  });

  it('is the digest of an image, by its tag', async () => {
    const ecr = new ECRClient(options());
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'inspected' }));
    const put = new PutImageCommand({ repositoryName: 'inspected', imageManifest: MANIFEST, imageTag: '7' });
    const { image } = await ecr.send(put);
    const inspector = new AccountInspector(options());
    const named = { registry: PLACE.account, region: PLACE.region, repository: 'inspected' };
    expect(await inspector.digestOf({ ...named, tag: '7' })).toBe(image?.imageId?.imageDigest);
    await expect(inspector.digestOf({ ...named, tag: '8' })).rejects.toMatchObject({ name: 'ImageNotFoundException' });
    await expect(inspector.digestOf({ ...named, repository: 'none' })).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
  });

  it('is the number of free addresses in subnets', async () => {
    const ec2 = new EC2Client(options());
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    const make = new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.9.1.0/24' });
    const id = (await ec2.send(make)).Subnet?.SubnetId ?? '';
    const inspector = new AccountInspector(options());
    expect((await inspector.freeAddresses([id])).get(id)).toBe(251);
    await expect(inspector.freeAddresses(['subnet-0123456789abcdef0'])).rejects.toMatchObject({
      name: 'InvalidSubnetID.NotFound',
    });
  });

  it('is whether a secret is there', async () => {
    const made = new CreateSecretCommand({ Name: 'inspected', SecretString: 'x' });
    const { ARN = '' } = await new SecretsManagerClient(options()).send(made);
    const inspector = new AccountInspector(options());
    await inspector.secretExists(ARN);
    await expect(inspector.secretExists(`${ARN}x`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
