/** Above this difference from AWS's own time nobody knows which ticks are due. */
export const MAX_SKEW_MS = 30_000;

/** This machine's clock cannot be trusted: schedules stand still until it can. */
export class ClockSkewError extends Error {
  override readonly name = 'ClockSkewError';

  /** `skewMs`: this machine's time less AWS's. */
  constructor(skewMs: number) {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    super(
      `this machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} AWS's (Date header): ` +
        'no schedule fires until it is right; see to chrony or ntpd on this machine',
    );
  }
}

/** Throws a {@link ClockSkewError} when the clock is further off than {@link MAX_SKEW_MS}; what nobody has measured is trusted. */
export function assertClockSkew(skewMs: number | undefined): void {
  if (skewMs !== undefined && Math.abs(skewMs) > MAX_SKEW_MS) throw new ClockSkewError(skewMs);
}
