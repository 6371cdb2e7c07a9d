import { vi } from 'vitest';

/** Tries until the check passes, for as long as a slow machine may need. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 15_000, interval: 20 });
}
