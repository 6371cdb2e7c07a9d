import { s3Error } from './s3-error.ts';

/** An element of a request's XML. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  /** The text inside, without that of children. */
  readonly text: string;
}

/**
 * A declaration, a comment, a tag or text. No two of its parts can take the same characters, and none can be tried anew at
 * every place, so what is no XML is seen to be none in time that grows with its length only.
 */
const TOKEN = /<\?[^?]*\?>|<!--[\s\S]*?-->|<(\/?)([^\s/<>?!][^\s/<>]*)(?=[\s/>])([^<>]*)>|([^<]+)/gy;

interface OpenNode {
  readonly name: string;
  readonly children: XmlNode[];
  text: string;
}

/**
 * Reads a request's XML and returns the root element; throws `MalformedXML`. It knows what S3 requests consist of:
 * elements and text. Attributes and namespace prefixes are dropped; document types are not read.
 */
export function parseXml(body: Buffer, rootName: string): XmlNode {
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const top: OpenNode = { name: '', children: [], text: '' };
  const open: OpenNode[] = [top];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    take(match, open);
    end = match.index + match[0].length;
  }
  const [root] = top.children;
  if (end !== text.length || open.length !== 1 || top.children.length !== 1 || root?.name !== rootName) {
    throw s3Error('MalformedXML');
  }
  return root;
}

/** The text of a child element, or undefined. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

/** The child elements of one name. */
export function childrenNamed(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.filter((child) => child.name === name);
}

function take([, slash, tag, rest, text]: RegExpMatchArray, open: OpenNode[]): void {
  const current = open.at(-1);
  if (current === undefined) throw s3Error('MalformedXML');
  if (text !== undefined) current.text += unescaped(text);
  if (tag === undefined) return;
  const name = tag.slice(tag.indexOf(':') + 1);
  if (slash) {
    if (current.name !== name || open.length === 1) throw s3Error('MalformedXML');
    open.pop();
    return;
  }
  const node: OpenNode = { name, children: [], text: '' };
  current.children.push(node);
  if (!rest?.endsWith('/')) open.push(node);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x?)?([0-9a-zA-Z]+);/g, (whole, number: string | undefined, name: string) => {
    if (number === undefined) return ENTITIES[name] ?? whole;
    const code = Number.parseInt(name, number === '#x' ? 16 : 10);
    return Number.isInteger(code) && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
