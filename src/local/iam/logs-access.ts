import { type Input, optionalText } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';
import { type Account, arnIn } from './account.ts';

/**
 * What a call of CloudWatch Logs asks for. Its denials name a log group with `:log-stream:` behind it, also where no stream
 * is meant, and no group at all for DescribeLogGroups.
 */
export function logsAccess(operation: string, input: Input, account: Account): readonly AccessRequest[] {
  const group = optionalText(input, 'logGroupName') ?? '';
  const stream = optionalText(input, 'logStreamName') ?? '';
  const resource = arnIn(account, 'logs', `log-group:${group}:log-stream:${stream}`);
  return [{ action: `logs:${operation}`, resource: optionalText(input, 'resourceArn') ?? resource }];
}
