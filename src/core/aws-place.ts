/** Where in AWS something is: the first parts of its ARN. */
export interface AwsPlace {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

/** By the beginning of a region's name (AWS General Reference, "ARN format"; the SDK's own list of partitions). */
const PARTITIONS: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** An ARN in one's own region and account. */
export function arnOf({ partition, region, account }: AwsPlace, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** What an SQS queue's URL says: `https://sqs.<region>.amazonaws.com/<account>/<name>`; the region only if it is there. */
export function parseQueueUrl(
  url: string,
): { readonly account: string; readonly name: string; readonly region?: string } | undefined {
  const match = /^https?:\/\/([^/]+)\/(\d{12})\/([A-Za-z0-9_.-]+)\/?$/.exec(url);
  if (match === null) return undefined;
  const [, host = '', account = '', name = ''] = match;
  const region = /^(?:vpce-[^.]+\.)?sqs(?:-fips)?\.([a-z0-9-]+)\./.exec(host)?.[1];
  return { account, name, ...(region === undefined ? {} : { region }) };
}
