import { describe, expect, it } from 'vitest';
import { cpuUnitsOf, isFargateSize, memoryMiBOf } from '../../../src/local/ecs/definitions/fargate-sizes.ts';

describe('Fargate sizes', () => {
  const offered: readonly [number, readonly number[], readonly number[]][] = [
    [256, [512, 1024, 2048], [256, 3072]],
    [512, [1024, 4096], [512, 5120, 1536]],
    [1024, [2048, 8192], [1024, 9216]],
    [2048, [4096, 16_384], [3072, 17_408]],
    [4096, [8192, 30_720], [7168, 31_744]],
    [8192, [16_384, 20_480, 61_440], [17_408, 65_536]],
    [16_384, [32_768, 40_960, 122_880], [36_864, 131_072]],
    [32_768, [61_440, 122_880, 249_856], [65_536]],
    [300, [], [512]],
  ];
  for (const [cpu, yes, no] of offered) {
    it(`cpu ${cpu} goes with ${yes.length} memories of those tried, not with ${no.join(' or ')} MiB`, () => {
      expect(yes.filter((memory) => !isFargateSize(cpu, memory))).toEqual([]);
      expect(no.filter((memory) => isFargateSize(cpu, memory))).toEqual([]);
    });
  }

  it('are written as numbers or with a unit', () => {
    expect(['1024', '1 vCPU', '1vcpu', '.25 vCPU', '0.5 VCPU', 'one'].map(cpuUnitsOf)).toEqual([
      1024,
      1024,
      1024,
      256,
      512,
      undefined,
    ]);
    expect(['2048', '2 GB', '2GB', '0.5 gb', '2 MB'].map(memoryMiBOf)).toEqual([2048, 2048, 2048, 512, undefined]);
  });
});
