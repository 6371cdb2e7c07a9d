/** Where local AWS pretends to be. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of something in the account's region. */
export function arnIn({ region, accountId }: Account, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
