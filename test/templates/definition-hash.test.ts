import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonMap } from '../../src/core/json.ts';
import { definitionHash } from '../../src/templates/definition-hash.ts';
import { planOf } from './render-launch.ts';

const DEFINITION: JsonMap = {
  family: 'slipway-etl',
  networkMode: 'awsvpc',
  cpu: '512',
  memory: '1024',
  requiresCompatibilities: ['FARGATE', 'EC2'],
  tags: [
    { key: 'team', value: 'data' },
    { key: 'cost', value: '7' },
  ],
  containerDefinitions: [
    {
      name: 'flow',
      image: 'etl:1',
      command: ['python', 'etl.py'],
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
      portMappings: [{ containerPort: 9090 }, { containerPort: 8080, protocol: 'tcp' }],
    },
    { name: 'side', image: 'side:1' },
  ],
};

describe('the hash of a definition', () => {
  it('is the same in every version of ours', () => {
    expect(definitionHash(DEFINITION)).toBe('ad42a0530aba60cde56907e775cb9f87');
  });

  it('does not look at the order of keys, nor of lists whose order means nothing', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 1000 })), (stream) => {
        const next = () => Number(stream.next().value);
        expect(definitionHash(shuffled(DEFINITION, '', next) as JsonMap)).toBe(definitionHash(DEFINITION));
      }),
    );
  });

  it('does look at the order of words in a command', () => {
    const [flow, side] = DEFINITION.containerDefinitions as readonly JsonMap[];
    const turned = { ...DEFINITION, containerDefinitions: [{ ...flow, command: ['etl.py', 'python'] }, side ?? {}] };
    expect(definitionHash(turned as JsonMap)).not.toBe(definitionHash(DEFINITION));
  });

  it('changes with every value', () => {
    const hashes = new Set(variants(DEFINITION).map((variant) => definitionHash(variant as JsonMap)));
    expect(hashes.size).toBe(variants(DEFINITION).length);
    expect(hashes.has(definitionHash(DEFINITION))).toBe(false);
  });

  it('is the tag and the name of what is planned, and the same for a plan made twice', async () => {
    const launch = {
      files: {
        'agent.yaml': { ecs: { network: { subnets: ['subnet-a'] } } },
        'flows/etl.yaml': { flow: 'etl', runConfig: { image: 'etl:1', env: { A: '1' } } },
      },
    };
    const [first, second] = [await planOf(launch), await planOf(launch)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    if (first.definition.kind !== 'register') throw new Error('nothing is registered');
    const { hash, input } = first.definition;
    expect(input.tags).toEqual([{ key: 'slipway:definition-hash', value: hash }]);
    const { tags: _, ...content } = input;
    expect(definitionHash(content as unknown as JsonMap)).toBe(hash);
  });

  it('does not differ by the order in which two files say the same', async () => {
    const agent = { ecs: { network: { subnets: ['subnet-a'] }, executionRoleArn: 'arn:role' } };
    const files = (runConfig: object) => ({ 'agent.yaml': agent, 'flows/etl.yaml': { flow: 'etl', runConfig } });
    const a = await planOf({ files: files({ image: 'etl:1', env: { A: '1', B: '2' }, secrets: { X: 'x', Y: 'y' } }) });
    const b = await planOf({ files: files({ secrets: { Y: 'y', X: 'x' }, env: { B: 2, A: 1 }, image: 'etl:1' }) });
    expect(a.definition).toMatchObject({ hash: (b.definition as { hash: string }).hash });
  });
});

const ORDERED = new Set(['command']);

function shuffled(value: Json, key: string, next: () => number): Json {
  const mixed = <T>(items: readonly T[]) =>
    items
      .map((item) => ({ item, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => shuffled(item, '', next));
    return ORDERED.has(key) ? items : mixed(items);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(mixed(Object.entries(value)).map(([name, member]) => [name, shuffled(member, name, next)]));
}

/** The definition with one leaf changed, once for each leaf. */
function variants(value: Json): readonly Json[] {
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => variants(item).map((other) => value.with(index, other)));
  if (typeof value !== 'object' || value === null) return [`${String(value)}~`];
  return Object.entries(value).flatMap(([key, member]) =>
    variants(member).map((other) => ({ ...value, [key]: other })),
  );
}
