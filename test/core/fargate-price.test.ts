import { describe, expect, it } from 'vitest';
import { fargatePrice } from '../../src/core/fargate-price.ts';

const MINUTES = 60_000;

describe('the price of a task', () => {
  it.each([
    [256, 512, 'X86_64', 0.00206],
    [256, 512, 'ARM64', 0.00165],
    [1024, 2048, 'X86_64', 0.00823],
    [4096, 8192, 'ARM64', 0.0263],
    [16_384, 32_768, 'X86_64', 0.1317],
  ] as const)('of %i CPU units and %i MiB on %s, for ten minutes in us-east-1', (cpu, memory, architecture, price) => {
    expect(fargatePrice({ cpu, memory, architecture }, 10 * MINUTES, 'us-east-1')).toBeCloseTo(price, 4);
  });

  it('is that of a minute for less than one', () => {
    const size = { cpu: 1024, memory: 2048 };
    expect(fargatePrice(size, 1, 'us-east-1')).toBe(fargatePrice(size, MINUTES, 'us-east-1'));
  });

  it('counts storage above 20 GiB', () => {
    const hour = 60 * MINUTES;
    const plain = fargatePrice({ cpu: 1024, memory: 2048 }, hour, 'us-east-1') ?? 0;
    const large = fargatePrice({ cpu: 1024, memory: 2048, ephemeralStorage: 120 }, hour, 'us-east-1') ?? 0;
    expect(large - plain).toBeCloseTo(0.0111, 6);
  });

  it('is not known for what the table of a region leaves out', () => {
    const arm = { cpu: 1024, memory: 2048, architecture: 'ARM64' } as const;
    expect(fargatePrice(arm, 60 * MINUTES, 'eu-central-1')).toBeUndefined();
    expect(fargatePrice({ ...arm, architecture: 'X86_64' }, 60 * MINUTES, 'eu-central-1')).toBeCloseTo(0.05678, 6);
    expect(fargatePrice({ cpu: 1024, memory: 2048, ephemeralStorage: 21 }, MINUTES, 'eu-west-1')).toBeUndefined();
  });

  it('is not known in a region without prices, unless they are given', () => {
    const own = { x86: { vcpu: 1, gb: 0 }, arm: { vcpu: 2, gb: 0 } };
    const size = { cpu: 1024, memory: 2048 };
    expect(fargatePrice(size, 60 * MINUTES, 'mars-1')).toBeUndefined();
    expect(fargatePrice(size, 60 * MINUTES, 'mars-1', { 'mars-1': own })).toBe(1);
  });
});
