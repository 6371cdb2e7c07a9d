/** A piece of an XML answer: text, or elements by name; a list repeats its element, undefined leaves it out. */
export type XmlContent = string | number | boolean | XmlElements;
export interface XmlElements {
  readonly [name: string]: XmlContent | readonly XmlContent[] | undefined;
}

/** Of S3's answers. */
const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole document with one root element, in S3's namespace unless told otherwise; in none if that is empty. */
export function xmlDocument(root: string, content: XmlContent, namespace = S3_NAMESPACE): string {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner(content)}</${root}>`;
}

function inner(content: XmlContent): string {
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one: XmlContent | undefined) => element(name, one)),
    )
    .join('');
}

function element(name: string, content: XmlContent | undefined): string {
  return content === undefined ? '' : `<${name}>${inner(content)}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Carriage returns would be read back as line feeds; other control characters cannot be written in XML 1.0 at all. */
function escaped(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`);
}
