/** One thing that has to hold. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What is the case, for a person; no secrets, but names of queues and tables. */
  readonly detail: string;
}

/** What `/healthz` and `/readyz` answer. */
export interface HealthReport {
  readonly ok: boolean;
  readonly checks: readonly HealthCheck[];
}

export function healthReport(checks: readonly HealthCheck[]): HealthReport {
  return { ok: checks.every(({ ok }) => ok), checks };
}
