import { fromItem } from '../../src/aws/run-item.ts';
import { isFinished } from '../../src/core/run.ts';
import type { Faults, RecordedCall } from '../../src/local/faults.ts';
import { itemsWritten } from './items-written.ts';

/** Counts runs that have ended by what local AWS has recorded, without asking the table over and over. */
export class EndedRuns {
  readonly #faults: Faults;
  readonly #ended = new Set<string>();
  /** Calls that had not been executed when they were last looked at. */
  #open: ReturnType<Faults['recorded']> = [];
  #read = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  count(): number {
    const calls = this.#faults.recorded();
    const looked = [...this.#open, ...calls.slice(this.#read)];
    this.#read = calls.length;
    for (const runId of looked.flatMap(endedBy)) this.#ended.add(runId);
    this.#open = looked.filter(
      ({ executed, operation }) => executed === undefined && operation.startsWith('dynamodb.'),
    );
    return this.#ended.size;
  }
}

/** The runs that a call has brought to their end. */
function endedBy(call: RecordedCall): readonly string[] {
  if (call.executed === undefined) return [];
  const records = itemsWritten(call).filter(({ PK }) => String(PK).startsWith('RUN#'));
  return records.map(fromItem).flatMap((run) => (isFinished(run) ? [run.runId] : []));
}
