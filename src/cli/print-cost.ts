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
}

/** Null where nothing can be priced. */
export function costView({ dollars, priced, unpriced, onSpot }: RunCost): CostView | null {
  if (priced === 0) return null;
  return {
    dollars: Number(dollars.toFixed(6)),
    pricesOf: PRICES_OF,
    pricedAttempts: priced,
    unpricedAttempts: unpriced,
    spotAttempts: onSpot,
  };
}

/** `≈ $0.0123`, with what the sum leaves out; undefined where nothing can be priced. */
export function costText({ dollars, priced, unpriced, onSpot }: RunCost): string | undefined {
  if (priced === 0) return undefined;
  const notes = [
    ...(onSpot > 0 ? [`${onSpot} on Spot, which costs less`] : []),
    ...(unpriced > 0 ? [`without ${unpriced} of unknown price`] : []),
  ];
  return `≈ $${moneyText(dollars)}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

/** Dollars, finer where there are few of them. */
export function moneyText(dollars: number): string {
  return dollars < 0.1 ? dollars.toFixed(4) : dollars.toFixed(2);
}
