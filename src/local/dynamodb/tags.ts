import type { Input } from '../read-input.ts';
import { AwsError } from '../service.ts';
import type { Database, DatabaseJournal } from './database.ts';
import { type Answer, validated } from './dynalite.ts';
import type { Table } from './table.ts';

const MAX_TAGS = 50;

/** Reads the `Tags` of a request; throws what AWS answers to tags that it does not take. */
export function checkedTags(tags: readonly Input[]): Readonly<Record<string, string>> {
  const pairs = tags.map(({ Key, Value }) => {
    if (typeof Key === 'string' && typeof Value === 'string') return [Key, Value] as const;
    throw new AwsError('ValidationException', 'One or more parameter values were invalid: a tag has a Key and a Value');
  });
  return withinLimit(Object.fromEntries(pairs));
}

/** TagResource: adds tags to a table, or replaces their values. */
export function tagResource(journal: DatabaseJournal, request: object): Answer {
  const { ResourceArn, Tags } = validated('TagResource', request);
  const table = tableOfArn(journal.state, ResourceArn);
  const tags = withinLimit({ ...table.definition.tags, ...checkedTags(Tags) });
  journal.change({ kind: 'define', definition: { ...table.definition, tags } });
  return {};
}

/** UntagResource: takes tags from a table; tags that it does not have are no error. */
export function untagResource(journal: DatabaseJournal, request: object): Answer {
  const { ResourceArn, TagKeys } = validated('UntagResource', request);
  const table = tableOfArn(journal.state, ResourceArn);
  const tags = Object.fromEntries(Object.entries(table.definition.tags).filter(([key]) => !TagKeys.includes(key)));
  journal.change({ kind: 'define', definition: { ...table.definition, tags } });
  return {};
}

/** ListTagsOfResource: all tags in one page. */
export function listTags(database: Database, request: object): Answer {
  const { ResourceArn } = validated('ListTagsOfResource', request);
  const { tags } = tableOfArn(database, ResourceArn).definition;
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

function tableOfArn(database: Database, arn: string): Table {
  const table = database.tables.get(arn.slice(arn.lastIndexOf('/') + 1));
  if (table?.description.TableArn === arn) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
}

function withinLimit(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.keys(tags).length <= MAX_TAGS) return tags;
  throw new AwsError('ValidationException', `Too many tags: a resource has at most ${MAX_TAGS}`);
}
