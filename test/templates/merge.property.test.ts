import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonMap } from '../../src/core/json.ts';
import { type MapNode, nodeOf, toJson } from '../../src/templates/config-node.ts';
import { merge, settle } from '../../src/templates/merge.ts';

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom('x', 'y'),
  fc.boolean(),
  fc.constant(null),
);

/** Lists of named things, with doubles, nulls and entries without a name among them. */
const named = (key: string, value: string) =>
  fc.array(fc.record({ [key]: name, [value]: scalar, more: fc.oneof(scalar, fc.constant(undefined)) }).map(defined), {
    maxLength: 4,
  });

function defined(map: Record<string, Json | undefined>): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as JsonMap;
}

const layer: fc.Arbitrary<JsonMap> = fc.letrec<{ map: JsonMap; value: Json }>((tie) => ({
  map: fc
    .tuple(
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      fc.record(
        {
          environment: fc.oneof(named('name', 'value'), fc.constant(null)),
          tags: fc.oneof(named('key', 'value'), fc.constant(null)),
          secrets: named('name', 'valueFrom'),
          command: fc.array(fc.constantFrom('x', 'y'), { maxLength: 3 }),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([map, lists]) => Object.fromEntries([...Object.entries(map), ...Object.entries(lists)]) as JsonMap),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('map')),
})).map;

/** Layers that never put a map where another has none: then every layer that spoke of a leaf is told. */
const flat: fc.Arbitrary<JsonMap> = fc
  .tuple(fc.dictionary(name, scalar, { maxKeys: 3 }), named('name', 'value'))
  .map(([map, environment]) => ({ ...map, environment }));

const nodeOfMap = (value: JsonMap, file: string) => nodeOf(value, { file }) as MapNode;
const settled = (node: MapNode) => JSON.stringify(toJson(settle(node)));

describe('merging layers', () => {
  it('is associative: it does not matter which two are merged first', () => {
    fc.assert(
      fc.property(layer, layer, layer, (a, b, c) => {
        const [low, middle, high] = [nodeOfMap(a, 'a'), nodeOfMap(b, 'b'), nodeOfMap(c, 'c')];
        expect(settled(merge(merge(low, middle), high))).toBe(settled(merge(low, merge(middle, high))));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps who overrode whom, whichever two are merged first', () => {
    fc.assert(
      fc.property(flat, flat, flat, (a, b, c) => {
        const [low, middle, high] = [nodeOfMap(a, 'a'), nodeOfMap(b, 'b'), nodeOfMap(c, 'c')];
        const left = settle(merge(merge(low, middle), high));
        const right = settle(merge(low, merge(middle, high)));
        expect(provenance(left)).toEqual(provenance(right));
      }),
      { numRuns: 1000 },
    );
  });

  it('with an empty layer changes nothing', () => {
    fc.assert(
      fc.property(layer, (a) => {
        const [empty, node] = [nodeOfMap({}, 'empty'), nodeOfMap(a, 'a')];
        expect(settled(merge(empty, node))).toBe(settled(node));
        expect(settled(merge(node, empty))).toBe(settled(node));
      }),
    );
  });

  it('with a layer twice changes nothing', () => {
    fc.assert(
      fc.property(layer, layer, (a, b) => {
        const [low, high] = [nodeOfMap(a, 'a'), nodeOfMap(withoutNameless(b), 'b')];
        expect(settled(merge(merge(low, high), high))).toBe(settled(merge(low, high)));
      }),
    );
  });

  it('leaves no null behind, and takes away what a null stands for', () => {
    fc.assert(
      fc.property(layer, layer, (a, b) => {
        expect(settled(merge(nodeOfMap(a, 'a'), nodeOfMap(b, 'b')))).not.toContain('null');
        const removed = merge(nodeOfMap({ ...a, gone: b }, 'a'), nodeOfMap({ gone: null }, 'b'));
        expect(settle(removed).entries.has('gone')).toBe(false);
      }),
    );
  });

  it('keeps the order in which names first appear', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.uniqueArray(fc.string({ minLength: 1 })), (a, b) => {
        const list = (names: readonly string[], file: string) =>
          nodeOfMap({ environment: names.map((variable) => ({ name: variable, value: file })) }, file);
        const { environment } = toJson(settle(merge(list(a, 'a'), list(b, 'b')))) as {
          environment: { name: string }[];
        };
        expect(environment.map((entry) => entry.name)).toEqual([...new Set([...a, ...b])]);
      }),
    );
  });

  it('never touches the prototype of anything', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(layer, layer, (a, b) => {
        const merged = toJson(settle(merge(nodeOfMap(a, 'a'), nodeOfMap(b, 'b'))));
        expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
      }),
    );
  });
});

/** Every leaf with the files that set it, the winner first. */
function provenance(node: MapNode, path = ''): readonly string[] {
  return [...node.entries].flatMap(([key, { value }]) => {
    if (value.kind === 'map') return provenance(value, `${path}/${key}`);
    return [`${path}/${key} ${[value, ...(value.overrode ?? [])].map(({ origin }) => origin.file).join(' ')}`];
  });
}

/** Entries without a name cannot meet their like: a list of them grows. */
function withoutNameless(map: JsonMap): JsonMap {
  return JSON.parse(
    JSON.stringify(map, (_, value: Json) =>
      Array.isArray(value)
        ? value.filter(
            (item: Json) => typeof item !== 'object' || item === null || Object.values(item).every((v) => v !== null),
          )
        : value,
    ),
  ) as JsonMap;
}
