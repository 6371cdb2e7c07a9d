import { type Input, optionalFlag, optionalStructure, optionalText } from '../read-input.ts';
import { AwsError } from '../service.ts';
import type { Change, Database, DatabaseJournal } from './database.ts';
import { namedTable } from './describe-table.ts';
import type { Answer } from './dynalite.ts';
import type { Table } from './table.ts';
import type { Item } from './table-description.ts';

/** An item that ended longer ago than this is left alone (Developer Guide, "Using time to live (TTL)"). */
const FIVE_YEARS_S = 5 * 365 * 24 * 60 * 60;

/** So many deletions go into one line of the journal, and hold up other calls together. */
const BATCH = 500;

/** UpdateTimeToLive. Takes effect at once (AWS: within an hour). */
export function updateTimeToLive(journal: DatabaseJournal, request: Input): Answer {
  const table = namedTable(journal.state, request);
  const { AttributeName, Enabled } = specificationOf(request);
  const { ttlAttribute, ...definition } = table.definition;
  if (Enabled === (ttlAttribute !== undefined)) {
    throw new AwsError('ValidationException', `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  if (ttlAttribute !== undefined && ttlAttribute !== AttributeName) {
    throw new AwsError(
      'ValidationException',
      `TimeToLive is active on a different AttributeName: current AttributeName is ${ttlAttribute}`,
    );
  }
  journal.change({ kind: 'define', definition: Enabled ? { ...definition, ttlAttribute: AttributeName } : definition });
  return { TimeToLiveSpecification: { AttributeName, Enabled } };
}

/** DescribeTimeToLive. */
export function describeTimeToLive(database: Database, request: Input): Answer {
  const { ttlAttribute } = namedTable(database, request).definition;
  return {
    TimeToLiveDescription: ttlAttribute
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
}

/** Deletes the items that have come to their end, from their tables and with that from all indexes. */
export function deleteExpired(journal: DatabaseJournal, now: number): void {
  for (const [name, table] of journal.state.tables) {
    const expired: Change[] = expiredKeys(table, now / 1000).map((key) => ({ kind: 'delete', table: name, key }));
    for (let start = 0; start < expired.length; start += BATCH) journal.change(...expired.slice(start, start + BATCH));
  }
}

function expiredKeys(table: Table, nowS: number): readonly string[] {
  const { ttlAttribute } = table.definition;
  if (ttlAttribute === undefined) return [];
  const keys: string[] = [];
  for (const item of table.items.range()) if (hasEnded(item, ttlAttribute, nowS)) keys.push(table.keyOf(item));
  return keys;
}

/** Only a Number is an end; an attribute of another type is not looked at. */
function hasEnded(item: Item, attribute: string, nowS: number): boolean {
  const end = item[attribute]?.N;
  if (end === undefined) return false;
  const endS = Number(end);
  return endS < nowS && endS > nowS - FIVE_YEARS_S;
}

function specificationOf(request: Input): { readonly AttributeName: string; readonly Enabled: boolean } {
  const specification = optionalStructure(request, 'TimeToLiveSpecification') ?? {};
  const AttributeName = optionalText(specification, 'AttributeName');
  const Enabled = optionalFlag(specification, 'Enabled');
  if (AttributeName && Enabled !== undefined) return { AttributeName, Enabled };
  throw new AwsError(
    'ValidationException',
    "1 validation error detected: Value at 'timeToLiveSpecification' failed to satisfy constraint: Member must have " +
      'an attributeName and enabled',
  );
}
