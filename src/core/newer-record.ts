/** A record that only a later version of Slipway understands: it is left to that one. */
export class NewerRecord extends Error {
  override readonly name = 'NewerRecord';
  readonly runId: string;

  constructor(runId: string, minReader: number, reader: number) {
    super(
      `run ${runId} was written for readers from version ${minReader} on; this one is ${reader}: upgrade this program`,
    );
    this.runId = runId;
  }
}
