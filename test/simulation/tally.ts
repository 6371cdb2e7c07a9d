import { printViolations } from './print-history.ts';
import type { SeedResult } from './run-seed.ts';

/** What many seeds came to. */
export class Tally {
  done = 0;
  readonly failing: number[] = [];
  readonly #byKind = new Map<string, number[]>();
  readonly #began = performance.now();

  add({ seed, violations }: SeedResult): void {
    this.done += 1;
    if (violations.length === 0) return;
    this.failing.push(seed);
    process.stdout.write(`seed ${seed} fails\n${printViolations(violations)}`);
    for (const kind of new Set(violations.map(({ invariant, code }) => `${invariant} ${code}`))) {
      this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), seed]);
    }
  }

  print(asked: number): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (this.done / seconds).toFixed(1);
    process.stdout.write(`${this.done} of ${asked} seeds in ${seconds.toFixed(1)} s: ${rate} seeds/s\n`);
    for (const [kind, seeds] of this.#byKind) {
      process.stdout.write(`${kind}: ${seeds.length} seeds, such as ${seeds.slice(0, 5).join(', ')}\n`);
    }
    process.stdout.write(`${this.failing.length} seeds fail\n`);
  }
}
