/** The record of runs, for whoever clears it. */
export interface RunArchive {
  /** Takes an ended run off the record, with its steps, reports and signs of life; doing it again harms nothing. */
  forget(runId: string): Promise<void>;
}
