import { type AwsPlace, arnOf, partitionOf } from '../../core/aws-place.ts';
import { parseEcrImage } from '../../core/ecr-image.ts';
import type { LaunchFacts } from '../../runs/launch-facts.ts';
import { type PolicyDocument, policyOf, type Statement } from './policy-document.ts';

/** What ECS needs to start the tasks: images, logs, secrets (ECS developer guide, "task execution IAM role"). */
export function executionPolicy(facts: LaunchFacts, place: AwsPlace): PolicyDocument {
  return policyOf([
    ...imageStatements(facts.images),
    ...logStatements(facts, place),
    ...secretStatements(facts, place),
  ]);
}

function imageStatements(images: readonly string[]): readonly Statement[] {
  const repositories = [...new Set(images.flatMap(repositoryArn))];
  if (repositories.length === 0) return [];
  return [
    // API GetAuthorizationToken takes no resource.
    { Sid: 'LogInToRegistry', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
    {
      Sid: 'PullImages',
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      Resource: repositories,
    },
  ];
}

function repositoryArn(image: string): readonly string[] {
  const parsed = parseEcrImage(image);
  if (parsed === undefined) return [];
  const { registry, region, repository } = parsed;
  return [arnOf({ partition: partitionOf(region), region, account: registry }, 'ecr', `repository/${repository}`)];
}

function logStatements({ logGroups, madeLogGroups }: LaunchFacts, place: AwsPlace): readonly Statement[] {
  const group = (name: string): string => arnOf(place, 'logs', `log-group:${name}`);
  return [
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: logGroups.map((name) => `${group(name)}:*`),
    },
    {
      Sid: 'MakeLogGroups',
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup'],
      // The reference has the group's own ARN, and denials name it with `:log-stream:` behind.
      Resource: madeLogGroups.flatMap((name) => [group(name), `${group(name)}:*`]),
    },
  ];
}

function secretStatements({ secrets, secretsTag }: LaunchFacts, place: AwsPlace): readonly Statement[] {
  const ofSecretsManager = secrets.filter((valueFrom) => valueFrom.includes(':secretsmanager:'));
  const ofParameters = secrets.filter((valueFrom) => !valueFrom.includes(':secretsmanager:'));
  return [
    {
      Sid: 'ReadSecrets',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: [...new Set(ofSecretsManager.map(secretArn))],
    },
    ...(secretsTag === undefined ? [] : [taggedSecrets(secretsTag, place)]),
    {
      Sid: 'ReadParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameters'],
      Resource: ofParameters.map((name) =>
        name.startsWith('arn:') ? name : arnOf(place, 'ssm', `parameter/${name.replace(/^\//, '')}`),
      ),
    },
  ];
}

/** Which secrets carry the tag is known only when a run is launched. */
function taggedSecrets(tag: string, place: AwsPlace): Statement {
  return {
    Sid: 'ReadTaggedSecrets',
    Effect: 'Allow',
    Action: ['secretsmanager:GetSecretValue'],
    Resource: [arnOf(place, 'secretsmanager', 'secret:*')],
    Condition: { Null: { [`secretsmanager:ResourceTag/${tag}`]: 'false' } },
  };
}

/** Without JSON key, version stage and version id, which follow the secret's name. */
function secretArn(valueFrom: string): string {
  return valueFrom.split(':').slice(0, 7).join(':');
}
