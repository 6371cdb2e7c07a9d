import { describe, expect, it } from 'vitest';
import { childrenNamed, childText, parseXml } from '../../../src/local/s3/parse-xml.ts';

const parse = (text: string) => parseXml(Buffer.from(text), 'Delete');

describe('the XML of requests to S3', () => {
  it('is read whatever attributes, prefixes, comments and empty elements it has', () => {
    const root = parse(
      '<?xml version="1.0"?><!-- a > b --><Delete xmlns="http://x/y/"><Object><Key>a/&lt;b&gt;&#39;</Key></Object>' +
        '<ns:Object a="1"><Key  >c</Key ></ns:Object><Quiet/><Quiet  x="1" /></Delete>',
    );
    expect(childrenNamed(root, 'Object').map((object) => childText(object, 'Key'))).toEqual(["a/<b>'", 'c']);
    expect(childrenNamed(root, 'Quiet')).toHaveLength(2);
  });

  // A pattern that tries anew at every place takes minutes, or for ever, for one of these.
  it.each([
    ['<', '<'],
    ['<a', '<a'],
    ['<a ', '<a '],
    ['<?', '<?'],
    ['<?a>', '<?a>'],
    ['<!--', '<!--'],
    ['</', '</'],
    ['long name', 'a'],
    ['a tag without its end', ' a'],
  ])('is refused at once where it is half a megabyte of %j', (_name, piece) => {
    const body = `<${piece.repeat(500_000 / piece.length)}`;
    expect(() => parse(body)).toThrow(expect.objectContaining({ name: 'MalformedXML' }));
  });
});
