import { type AwsPlace, arnOf, parseQueueUrl } from '../../core/aws-place.ts';
import type { Workspace } from '../../templates/workspace.ts';

/** Everything of ours in AWS, as ARNs. */
export interface OwnResources {
  readonly queues: readonly string[];
  /** Beside each queue, as `slipway setup` names them. */
  readonly deadLetterQueues: readonly string[];
  readonly eventQueues: readonly string[];
  readonly table: string;
  /** `arn:…:bucket` and the prefix in it. */
  readonly bucket: { readonly arn: string; readonly prefix: string } | undefined;
  /** The prefix of the flows, where they are in S3. */
  readonly flows: { readonly arn: string; readonly prefix: string } | undefined;
  /** agent.yaml, templates and flows that are in S3. */
  readonly sources: readonly string[];
  /** The packages of deployments. */
  readonly packages: readonly string[];
}

/** The ARNs of what agent.yaml names. */
export function ownResources({ agent, sources }: Pick<Workspace, 'agent' | 'sources'>, place: AwsPlace): OwnResources {
  const queues = agent.queues.map(({ url }) => queueArn(url, place));
  return {
    queues,
    deadLetterQueues: queues.map((arn) => arn.replace(/(\.fifo)?$/, '-dlq$1')),
    eventQueues: agent.events === undefined ? [] : [queueArn(agent.events.queueUrl, place)],
    table: arnOf(place, 'dynamodb', `table/${agent.table ?? 'slipway'}`),
    bucket: bucketOf(agent.bucket, place),
    flows: bucketOf(agent.flows, place),
    sources: [...sources.keys()].flatMap((ref) => objectArn(ref, place)),
    packages: Object.values(agent.packages).flatMap((written) =>
      objectArn(typeof written === 'string' ? written : written.uri, place),
    ),
  };
}

export function queueArn(url: string, place: AwsPlace): string {
  const queue = parseQueueUrl(url);
  if (queue === undefined) return arnOf(place, 'sqs', url.split('/').at(-1) ?? url);
  return arnOf({ ...place, account: queue.account, region: queue.region ?? place.region }, 'sqs', queue.name);
}

export function clusterArn(cluster: string, place: AwsPlace): string {
  return cluster.startsWith('arn:') ? cluster : arnOf(place, 'ecs', `cluster/${cluster}`);
}

/** Objects below a prefix. */
export function objectsOf({ arn, prefix }: { readonly arn: string; readonly prefix: string }): string {
  return `${arn}/${prefix}*`;
}

function objectArn(ref: string, { partition }: AwsPlace): readonly string[] {
  return ref.startsWith('s3://') ? [`arn:${partition}:s3:::${ref.slice('s3://'.length)}`] : [];
}

function bucketOf(uri: string | undefined, { partition }: AwsPlace): OwnResources['bucket'] {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri ?? '');
  if (match === null) return undefined;
  const [, bucket = '', prefix = ''] = match;
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return { arn: `arn:${partition}:s3:::${bucket}`, prefix: folder };
}
