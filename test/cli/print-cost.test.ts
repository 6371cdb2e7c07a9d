import { describe, expect, it } from 'vitest';
import { costText, costView } from '../../src/cli/print-cost.ts';
import { sumOfCosts } from '../../src/core/run-cost.ts';

const nothing = sumOfCosts([]);
const mars = { ...nothing, unpriced: 1, regionsWithoutPrice: ['mars-1'] };

describe('a cost in words', () => {
  it('says which region has no price, and where to set it', () => {
    expect(costText(mars)).toBe('no price for mars-1; set prices in agent.yaml');
    const both = sumOfCosts([mars, { ...nothing, dollars: 0.5, priced: 2, onSpot: 1 }, mars]);
    expect(costText(both)).toBe('≈ $0.50 (1 on Spot, which costs less; no price for mars-1; set prices in agent.yaml)');
    expect(costView(both)).toMatchObject({ dollars: 0.5, unpricedAttempts: 2, regionsWithoutPrice: ['mars-1'] });
  });

  it('says nothing where nothing could be priced', () => {
    expect(costText({ ...nothing, unpriced: 1 })).toBeUndefined();
    expect(costView({ ...nothing, unpriced: 1 })).toBeNull();
  });
});
