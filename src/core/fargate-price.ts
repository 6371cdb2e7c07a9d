import { FARGATE_PRICES, type RegionRates } from './fargate-prices.ts';

/** The size of a task, as it is paid for: what was asked for, not what was used. */
export interface TaskSize {
  /** CPU units: 1024 are a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** GiB; the first 20 cost nothing. */
  readonly ephemeralStorage?: number;
  readonly architecture?: 'X86_64' | 'ARM64';
}

/** A table of one's own: contract prices, savings plans, a region that the built-in table lacks. */
export type PriceOverride = Readonly<Record<string, RegionRates>>;

/** Seconds of a task that are paid for at least (AWS Fargate Pricing, "Duration"). */
const LEAST_SECONDS = 60;

/** GiB that every task has (AWS Fargate Pricing). */
const FREE_STORAGE = 20;

/**
 * About what a task on Fargate costs on demand, in US dollars, for its time from the download of its image to its end.
 * Undefined where a price of the region is not known. Spot costs less, at a price that changes.
 */
export function fargatePrice(
  size: TaskSize,
  durationMs: number,
  region: string,
  override: PriceOverride = {},
): number | undefined {
  const ofRegion = ratesOf(region, override);
  const rates = size.architecture === 'ARM64' ? ofRegion?.arm : ofRegion?.x86;
  const moreStorage = Math.max(0, (size.ephemeralStorage ?? FREE_STORAGE) - FREE_STORAGE);
  const storageRate = moreStorage === 0 ? 0 : ofRegion?.storage;
  if (rates === undefined || storageRate === undefined) return undefined;
  const hours = Math.max(durationMs / 1000, LEAST_SECONDS) / 3600;
  return hours * ((size.cpu / 1024) * rates.vcpu + (size.memory / 1024) * rates.gb + moreStorage * storageRate);
}

function ratesOf(region: string, override: PriceOverride): RegionRates | undefined {
  const table = Object.hasOwn(override, region) ? override : FARGATE_PRICES;
  return Object.hasOwn(table, region) ? table[region] : undefined;
}
