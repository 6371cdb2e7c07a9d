import { PRICES_OF } from '../core/fargate-prices.ts';
import type { RunCost } from '../core/run-cost.ts';

/** A cost as programs see it. */
export interface CostView {
  /** US dollars at the prices on demand. */
  readonly dollars: number;
  /** The month of the built-in price table. */
  readonly pricesOf: string;
  readonly pricedAttempts: number;
  /** Not in the sum: not on Fargate, or size, time or price are not known. */
  readonly unpricedAttempts: number;
  /** In the sum at the price on demand, which Spot stays below. */
  readonly spotAttempts: number;
  /** Regions whose prices agent.yaml has to say. */
  readonly regionsWithoutPrice: readonly string[];
}

/** Null where nothing can be priced, and nobody could say a price. */
export function costView({ dollars, priced, unpriced, onSpot, regionsWithoutPrice }: RunCost): CostView | null {
  if (priced === 0 && regionsWithoutPrice.length === 0) return null;
  return {
    dollars: Number(dollars.toFixed(6)),
    pricesOf: PRICES_OF,
    pricedAttempts: priced,
    unpricedAttempts: unpriced,
    spotAttempts: onSpot,
    regionsWithoutPrice,
  };
}

/** `≈ $0.0123`, with what the sum leaves out; undefined where nothing can be priced, and nobody could say a price. */
export function costText(cost: RunCost): string | undefined {
  const { dollars, priced, unpriced, onSpot } = cost;
  if (priced === 0) return missingPrices(cost);
  const notes = [
    ...(onSpot > 0 ? [`${onSpot} on Spot, which costs less`] : []),
    ...(unpriced > 0 ? [missingPrices(cost) ?? `without ${unpriced} of unknown price`] : []),
  ];
  return `≈ $${moneyText(dollars)}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

/** What to do where a region has no price; undefined where none is missing. */
export function missingPrices({ regionsWithoutPrice }: RunCost): string | undefined {
  if (regionsWithoutPrice.length === 0) return undefined;
  return `no price for ${regionsWithoutPrice.join(', ')}; set prices in agent.yaml`;
}

/** Dollars, finer where there are few of them. */
export function moneyText(dollars: number): string {
  return dollars < 0.1 ? dollars.toFixed(4) : dollars.toFixed(2);
}
