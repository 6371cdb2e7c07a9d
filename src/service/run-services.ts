export interface Service {
  readonly name: string;
  /** Works until `stop` is aborted, then finishes what it holds and resolves. */
  run(stop: AbortSignal): Promise<void>;
}

/** Runs all services together: when one ends, for any reason, the others are asked to stop. */
export async function runServices(stop: AbortController, services: readonly Service[]): Promise<void> {
  const results = await Promise.allSettled(
    services.map((service) => service.run(stop.signal).finally(() => stop.abort())),
  );
  const failures = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
  if (failures.length > 0) throw new AggregateError(failures, 'a service failed');
}
