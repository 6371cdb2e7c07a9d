import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowCatalogue, FlowRecord } from '../../src/core/flow-catalogue.ts';

export interface StartedCatalogue {
  readonly catalogue: FlowCatalogue;
  stop(): Promise<void>;
}

/** A record of a published flow for tests. */
export function flowRecord(over: Partial<FlowRecord> = {}): FlowRecord {
  return {
    flow: 'etl',
    version: '1.0.0',
    artifactS3Uri: 's3://bucket/artifacts/etl/aa/flow.zip',
    sha256: 'aa',
    bytes: 12,
    publishedAt: Date.UTC(2026, 9, 1),
    spec: '{}',
    settings: {},
    ...over,
  };
}

/** What every catalogue of published flows promises, whatever it is made of. */
export function flowCatalogueContract(name: string, start: () => Promise<StartedCatalogue>): void {
  describe(`${name} as a catalogue of flows`, () => {
    let started: StartedCatalogue;
    let catalogue: FlowCatalogue;

    beforeAll(async () => {
      started = await start();
      catalogue = started.catalogue;
    });
    afterAll(() => started.stop());

    it('finds a version as it was published, and nothing that was not', async () => {
      const record = flowRecord({ flow: 'found', description: 'Größe', settings: { runConfig: { env: { A: '1' } } } });
      expect(await catalogue.publish(record)).toEqual({ kind: 'published' });
      expect(await catalogue.find('found', '1.0.0')).toEqual(record);
      expect(await catalogue.find('found', '1.0.1')).toBeUndefined();
      expect(await catalogue.find('fou', '1.0.0')).toBeUndefined();
      expect(await catalogue.find('nothing', 'latest')).toBeUndefined();
    });

    it('means the highest version by latest, whatever was published last, and never a branch', async () => {
      for (const version of ['2.9.0', '2.10.0', '2.10.0-rc.1', 'main'])
        await catalogue.publish(flowRecord({ flow: 'latest', version }));
      expect((await catalogue.find('latest', 'latest'))?.version).toBe('2.10.0');
      expect((await catalogue.find('latest', 'main'))?.version).toBe('main');
      await catalogue.publish(flowRecord({ flow: 'branch', version: 'main' }));
      expect(await catalogue.find('branch', 'latest')).toBeUndefined();
    });

    it('keeps a version what it was first published as, unless it is told to replace it', async () => {
      const first = flowRecord({ flow: 'taken' });
      const other = { ...first, sha256: 'bb' };
      await catalogue.publish(first);
      expect(await catalogue.publish({ ...first, publishedAt: 7 })).toEqual({ kind: 'unchanged' });
      expect(await catalogue.publish(other)).toEqual({ kind: 'taken', record: first });
      expect(await catalogue.publish({ ...first, settings: { labels: ['x'] } })).toMatchObject({ kind: 'taken' });
      expect(await catalogue.find('taken', '1.0.0')).toEqual(first);
      expect(await catalogue.publish(other, { replace: true })).toEqual({ kind: 'published' });
      expect(await catalogue.find('taken', '1.0.0')).toEqual(other);
    });

    it('lists what is published by name, the highest version first, of one flow or of all', async () => {
      for (const version of ['1.0.0', '1.10.0', '1.9.0'])
        await catalogue.publish(flowRecord({ flow: 'zebra', version }));
      await catalogue.publish(flowRecord({ flow: 'aardvark' }));
      expect((await catalogue.list('zebra')).map(({ version }) => version)).toEqual(['1.10.0', '1.9.0', '1.0.0']);
      const all = await catalogue.list();
      expect([all[0]?.flow, all.at(-1)?.flow]).toEqual(['aardvark', 'zebra']);
      expect(all[0]).not.toHaveProperty('spec');
      expect(await catalogue.list('zeb')).toEqual([]);
    });

    it('lists more than one answer of DynamoDB can hold', async () => {
      const spec = 'x'.repeat(340_000);
      const versions = ['1', '2', '3', '4', '5', '6', '7'];
      for (const version of versions) await catalogue.publish(flowRecord({ flow: 'large', version, spec }));
      expect(await catalogue.list('large')).toHaveLength(versions.length);
      expect((await catalogue.find('large', 'latest'))?.version).toBe('7');
    });
  });
}
