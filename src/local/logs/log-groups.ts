import { type Input, optionalNumber, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import type { LogGroup } from './log-store.ts';
import type { LogsAccount } from './logs-account.ts';
import { alreadyExists, invalidParameter } from './logs-errors.ts';
import { pageOf } from './name-page.ts';

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
/** CloudWatch Logs API, PutRetentionPolicy. */
const RETENTION_DAYS: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

export function createLogGroup(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const name = groupNameOf(input);
  if (!GROUP_NAME.test(name)) {
    throw invalidParameter(
      `Value '${name}' at 'logGroupName' failed to satisfy constraint: [.\\-_/#A-Za-z0-9]+, 1 to 512.`,
    );
  }
  if (account.store.findGroup(name) !== undefined) throw alreadyExists('log group');
  account.store.addGroup(name, account.clock.now());
  return {};
}

export function deleteLogGroup(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  account.store.dropGroup(account.store.group(groupNameOf(input)));
  return {};
}

export function describeLogGroups(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const prefix = optionalText(input, 'logGroupNamePrefix') ?? '';
  const pattern = optionalText(input, 'logGroupNamePattern') ?? '';
  const groups = account.store.groups().filter(({ name }) => name.startsWith(prefix) && name.includes(pattern));
  const { shown, nextToken } = pageOf(input, groups, ({ name }) => name);
  return {
    logGroups: shown.map((group) => groupOut(account, group)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

/** Retention is told, and nothing is ever deleted for it. */
export function putRetentionPolicy(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const group = account.store.group(groupNameOf(input));
  const days = optionalNumber(input, 'retentionInDays');
  if (days === undefined || !RETENTION_DAYS.has(days)) {
    throw invalidParameter(`Value ${days} at 'retentionInDays' must be one of ${[...RETENTION_DAYS].join(', ')}.`);
  }
  account.store.setRetention(group.name, days);
  return {};
}

export function deleteRetentionPolicy(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  account.store.setRetention(account.store.group(groupNameOf(input)).name, undefined);
  return {};
}

/** The group's name, from `logGroupName` or from `logGroupIdentifier`, which may be an ARN. */
export function groupNameOf(input: Input): string {
  const name = optionalText(input, 'logGroupName') ?? nameInArn(optionalText(input, 'logGroupIdentifier'));
  if (name === undefined || name === '') throw invalidParameter('The request must name a log group.');
  return name;
}

function nameInArn(identifier: string | undefined): string | undefined {
  if (!identifier?.startsWith('arn:')) return identifier;
  return identifier.split(':')[6];
}

function groupOut(account: LogsAccount, group: LogGroup): Record<string, unknown> {
  const arn = account.groupArn(group);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
}
