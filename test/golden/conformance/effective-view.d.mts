export function effectiveView(plan: unknown, mainContainer?: string): Record<string, unknown>;
export function firstDifference(expected: Record<string, unknown>, actual: Record<string, unknown>): string | undefined;
export function faultsOf(plan: unknown): readonly string[];
