import type { Input } from '../read-input.ts';
import { consumedByTables } from './consumed-capacity.ts';
import type { Database } from './database.ts';
import type { Answer } from './dynalite.ts';
import { getItem } from './read-items.ts';
import { transactionActions } from './transaction-actions.ts';

/** Answers a TransactGetItems. GetItem reads as soon as it is called, so all reads see one state. */
export async function transactGet(database: Database, request: Input): Promise<Answer> {
  const gets = transactionActions(request, ['Get']);
  const answers = await Promise.all(
    gets.map(({ request }) => getItem(database, { ...request, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' })),
  );
  return {
    Responses: answers.map(({ Item }) => (Item === undefined ? {} : { Item })),
    ...consumedByTables(request.ReturnConsumedCapacity, answers),
  };
}
