import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { child, nodeAt, toJson } from '../../src/templates/config-node.ts';
import { parseYaml } from '../../src/templates/parse-yaml.ts';

const parse = (text: string) => parseYaml(new TextEncoder().encode(text), 'f.yaml');

function valueIn(text: string) {
  const parsed = parse(text);
  return parsed.ok ? toJson(parsed.value) : parsed.error.map((fault) => formatFault(fault));
}

describe('reading YAML', () => {
  it('knows the scalars of YAML 1.2 and no others', () => {
    expect(valueIn('[1, -2, 1.5, true, null, ~, "1", yes, on, NO, 2026-01-01, 1_000, .inf]')).toEqual([
      1,
      -2,
      1.5,
      true,
      null,
      null,
      '1',
      'yes',
      'on',
      'NO',
      '2026-01-01',
      '1_000',
      '.inf',
    ]);
  });

  it('reads JSON, tabs and all', () => {
    expect(valueIn('{\n\t"a": [1,\n\t\t{"b": null}]\n}\n')).toEqual({ a: [1, { b: null }] });
  });

  it('keeps the place of every key and value', () => {
    const parsed = parse('a: 1\nlist:\n  - name: "x"\n    value: |\n      text\n');
    if (!parsed.ok) throw new Error('is good');
    const { node, at } = nodeAt(parsed.value, ['list', 0, 'name']);
    expect(at).toEqual({ file: 'f.yaml', line: 3, column: 5 });
    expect(node.origin).toEqual({ file: 'f.yaml', line: 3, column: 11 });
    expect(nodeAt(parsed.value, ['list', 0]).node.origin).toEqual({ file: 'f.yaml', line: 3, column: 5 });
  });

  it('counts lines whatever ends them, and does not count a byte order mark', () => {
    for (const text of ['a: 1\r\nb: 2\r\nb: 3', 'a: 1\nb: 2\nb: 3', '\uFEFFa: 1\nb: 2\nb: 3']) {
      expect(valueIn(text)).toEqual(['f.yaml:3:1 the key "b" is there twice']);
    }
  });

  it('merges maps by <<: own keys first, then the earlier map', () => {
    expect(valueIn('a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 9}')).toMatchObject({
      c: { x: 9, y: 1, z: 2 },
    });
    expect(valueIn('"<<": {x: 1}')).toEqual({ '<<': { x: 1 } });
  });

  it('takes keys such as __proto__ as data', () => {
    const value = valueIn('__proto__: {polluted: true}\nconstructor: 1\nprototype: 2') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'prototype']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads numbers as keys by their text', () => {
    expect(valueIn('1: a\n007: b\ntrue: c\nnull: d')).toEqual({ 1: 'a', '007': 'b', true: 'c', null: 'd' });
  });

  it('remembers how a number was written, where it reads back otherwise', () => {
    const parsed = parse('a: 012\nb: 12');
    if (!parsed.ok) throw new Error('is good');
    expect(child(parsed.value, 'a')).toMatchObject({ value: 12, text: '012' });
    expect(child(parsed.value, 'b')).not.toHaveProperty('text');
  });

  it('takes an empty document for null', () => {
    expect([valueIn(''), valueIn('# nothing\n'), valueIn('---\n')]).toEqual([null, null, null]);
  });

  it('allows a document of the largest size, depth and number of aliases, and not one more', () => {
    const bytes = (size: number) => `# ${'x'.repeat(size - 2)}`;
    expect(parse(bytes(256 * 1024)).ok).toBe(true);
    expect(parse(bytes(256 * 1024 + 1)).ok).toBe(false);
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parse(nested(64)).ok).toBe(true);
    expect(parse(nested(65)).ok).toBe(false);
    const aliases = (count: number) => `a: &a x\nb: [${Array.from({ length: count }, () => '*a').join(',')}]`;
    expect(parse(aliases(100)).ok).toBe(true);
    expect(parse(aliases(101)).ok).toBe(false);
    const values = (count: number) => `[${Array.from({ length: count - 1 }, () => 'x').join(',')}]`;
    expect(parse(values(20_000)).ok).toBe(true);
    expect(parse(values(20_001)).ok).toBe(false);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseYaml(bytes, 'f')));
    const yamlish = fc.array(
      fc.constantFrom(
        'a',
        ':',
        ' ',
        '\n',
        '-',
        '[',
        ']',
        '{',
        '}',
        '&x',
        '*x',
        '|',
        '"',
        "'",
        '!',
        '<<',
        '?',
        '#',
        '\t',
        '%',
        ',',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(yamlish, (pieces) => void parse(pieces.join(''))),
      { numRuns: 3000 },
    );
  });

  it('reads back every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(JSON.stringify(valueIn(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });
});
