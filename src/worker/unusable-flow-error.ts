/** A flow that cannot be run as it is, in words for its author; where in our code that was noticed is of no use to anybody. */
export class UnusableFlowError extends Error {
  override readonly name = 'UnusableFlow';
}
