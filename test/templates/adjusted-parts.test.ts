import { describe, expect, it } from 'vitest';
import { largerFargateSize } from '../../src/templates/validate/fargate-sizes.ts';
import { planOf } from './render-launch.ts';
import { launch } from './small-launch.ts';

describe('a retry with more memory', () => {
  it('keeps the CPU while Fargate has the memory with it, and takes more where it has not', () => {
    expect(largerFargateSize({ cpu: 1024, memory: 4096 })).toEqual({ cpu: 1024, memory: 4096 });
    expect(largerFargateSize({ cpu: 1024, memory: 16_384 })).toEqual({ cpu: 2048, memory: 16_384 });
    expect(largerFargateSize({ cpu: 256, memory: 3000 })).toEqual({ cpu: 512, memory: 3072 });
  });

  it('stays at the largest size there is', () => {
    expect(largerFargateSize({ cpu: 32_768, memory: 1_000_000 })).toEqual({ cpu: 32_768, memory: 249_856 });
  });

  it('goes into overrides: nothing is registered for it', async () => {
    const first = await planOf(launch({ runConfig: { cpu: 1024, memory: 8192 } }));
    const again = await planOf(
      launch({ runConfig: { cpu: 1024, memory: 8192 }, more: { adjustment: { doublings: 1 } } }),
    );
    expect(again.runTask.overrides).toMatchObject({ cpu: '2048', memory: '16384' });
    expect(again.definition).toEqual(first.definition);
  });

  it('doubles what the request asked for, which had the last word before', async () => {
    const { runTask } = await planOf(
      launch({ request: { runConfig: { cpu: 512, memory: '2 GB' } }, more: { adjustment: { doublings: 1 } } }),
    );
    expect(runTask.overrides).toMatchObject({ cpu: '512', memory: '4096' });
  });

  it('doubles the size that Fargate gives where nobody says one', async () => {
    const { runTask } = await planOf(
      launch({
        template: { containerDefinitions: [{ name: 'flow', image: 'etl:1' }] },
        more: { adjustment: { doublings: 1 } },
      }),
    );
    expect(runTask.overrides).toMatchObject({ cpu: '1024', memory: '4096' });
  });
});

describe('a retry on demand', () => {
  const spot = { capacityProvider: 'FARGATE_SPOT', weight: 4 };
  const strategyOf = async (capacityProviderStrategy: object[], onDemand = true) =>
    (await planOf(launch({ runConfig: { capacityProviderStrategy }, more: { adjustment: { onDemand } } }))).runTask;

  it('takes Fargate instead of Fargate Spot', async () => {
    const runTask = await strategyOf([spot]);
    expect(runTask.capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE', weight: 1 }]);
    expect(runTask.launchType).toBeUndefined();
  });

  it('leaves what the strategy has beside Spot as it is', async () => {
    const own = { capacityProvider: 'FARGATE', weight: 2, base: 1 };
    expect((await strategyOf([spot, own])).capacityProviderStrategy).toEqual([own]);
  });

  it('does not leave a strategy that nothing can be placed by', async () => {
    const idle = { capacityProvider: 'FARGATE', weight: 0 };
    expect((await strategyOf([spot, idle])).capacityProviderStrategy).toEqual([
      { capacityProvider: 'FARGATE', weight: 1 },
    ]);
  });

  it('changes nothing where there is no Spot', async () => {
    const own = [{ capacityProvider: 'my-machines', weight: 1 }];
    expect((await strategyOf(own)).capacityProviderStrategy).toEqual(own);
    const { runTask } = await planOf(launch({ more: { adjustment: { onDemand: true } } }));
    expect(runTask.launchType).toBe('FARGATE');
  });
});
