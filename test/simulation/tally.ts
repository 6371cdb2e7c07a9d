import { printViolations } from './print-history.ts';
import type { SeedResult } from './run-seed.ts';

/** A long run says so often how far it has come. */
const TOLD_EVERY = 5_000;

/** What many seeds came to. */
export class Tally {
  done = 0;
  readonly failing: number[] = [];
  readonly #byKind = new Map<string, number[]>();
  readonly #began = performance.now();
  readonly #asked: number;

  constructor(asked: number) {
    this.#asked = asked;
  }

  add({ seed, violations }: SeedResult): void {
    this.done += 1;
    if (this.done % TOLD_EVERY === 0) this.#printRate();
    if (violations.length === 0) return;
    this.failing.push(seed);
    process.stdout.write(`seed ${seed} fails\n${printViolations(violations)}`);
    for (const kind of new Set(violations.map(({ invariant, code }) => `${invariant} ${code}`))) {
      this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), seed]);
    }
  }

  print(): void {
    this.#printRate();
    for (const [kind, seeds] of this.#byKind) {
      process.stdout.write(`${kind}: ${seeds.length} seeds, such as ${seeds.slice(0, 5).join(', ')}\n`);
    }
    process.stdout.write(`${this.failing.length} seeds fail\n`);
  }

  #printRate(): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (this.done / seconds).toFixed(1);
    process.stdout.write(`${this.done} of ${this.#asked} seeds in ${seconds.toFixed(1)} s: ${rate} seeds/s\n`);
  }
}
