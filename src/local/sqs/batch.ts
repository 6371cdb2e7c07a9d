import { type Input, optionalText, structureList } from '../read-input.ts';
import { AwsError } from '../service.ts';
import { batchError } from './sqs-errors.ts';

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** The entries of a batch whose number and ids are in order; else the error for the whole batch. */
export function batchEntries(input: Input, entryType: string): readonly Input[] {
  const entries = structureList(input, 'Entries');
  if (entries.length === 0) {
    throw batchError('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);
  }
  if (entries.length > MAX_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`;
    throw batchError('TooManyEntriesInBatchRequest', message);
  }
  const seen = new Set<string>();
  for (const id of entries.map(entryId)) {
    if (!ENTRY_ID.test(id)) {
      const message =
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
      throw batchError('InvalidBatchEntryId', message);
    }
    if (seen.has(id)) throw batchError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Does each entry by itself: a refused one is in `Failed`, the others are done all the same. */
export function runBatch(
  entries: readonly Input[],
  work: (entry: Input, index: number) => Record<string, unknown>,
): Record<string, unknown> {
  const successful: unknown[] = [];
  const failed: unknown[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      successful.push({ Id: entryId(entry), ...work(entry, index) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Code = error.queryCode ?? error.name;
      failed.push({ Id: entryId(entry), SenderFault: true, Code, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 ? { Successful: successful } : {}),
    ...(failed.length > 0 ? { Failed: failed } : {}),
  };
}

function entryId(entry: Input): string {
  return optionalText(entry, 'Id') ?? '';
}
