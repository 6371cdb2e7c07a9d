import { createHash } from 'node:crypto';
import { type Input, isInput, optionalStructure, optionalText } from '../read-input.ts';
import { invalidParameter } from './sqs-errors.ts';

/** One message attribute; `binary` is base64 as it came. */
export type MessageAttribute =
  | { readonly type: string; readonly text: string }
  | { readonly type: string; readonly binary: string };

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_ATTRIBUTES = 10;
const NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const TYPE = /^(String|Number|Binary)(\..+)?$/;

/** Reads `MessageAttributes` or `MessageSystemAttributes`; undefined when there are none. */
export function readMessageAttributes(input: Input, member: string): MessageAttributes | undefined {
  const entries = Object.entries(optionalStructure(input, member) ?? {});
  if (entries.length === 0) return undefined;
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, value: unknown): MessageAttribute {
  if (!NAME.test(name)) {
    throw invalidParameter(
      `The message attribute name '${name}' is invalid. It can hold letters, digits, _, - and single periods, at most 256, and must not start with AWS. or Amazon.`,
    );
  }
  if (!isInput(value)) throw invalidParameter(`The message attribute '${name}' is not a structure.`);
  const type = optionalText(value, 'DataType') ?? '';
  const kind = TYPE.exec(type)?.[1];
  if (kind === undefined) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  return kind === 'Binary' ? readBinary(name, type, value) : readText(name, type, kind, value);
}

function readText(name: string, type: string, kind: string, value: Input): MessageAttribute {
  const text = optionalText(value, 'StringValue') ?? '';
  if (text === '') throw emptyValue(name, kind);
  if (kind === 'Number' && !Number.isFinite(Number(text))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { type, text };
}

function readBinary(name: string, type: string, value: Input): MessageAttribute {
  const binary = optionalText(value, 'BinaryValue') ?? '';
  if (binary === '') throw emptyValue(name, 'Binary');
  return { type, binary };
}

function emptyValue(name: string, kind: string): Error {
  return invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`);
}

/** How many bytes attributes add to a message: names, types and values (SQS Developer Guide, message metadata). */
export function sizeOfAttributes(attributes: MessageAttributes | undefined): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.type) + bytesOf(attribute).length;
  }
  return bytes;
}

/** The digest that SDKs check (SQS Developer Guide, "Calculating the MD5 message digest for message attributes"). */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  for (const [name, attribute] of Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    update(hash, Buffer.from(name));
    update(hash, Buffer.from(attribute.type));
    hash.update(Buffer.from(['text' in attribute ? 1 : 2]));
    update(hash, bytesOf(attribute));
  }
  return hash.digest('hex');
}

function update(hash: ReturnType<typeof createHash>, bytes: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  hash.update(length).update(bytes);
}

function bytesOf(attribute: MessageAttribute): Buffer {
  return 'text' in attribute ? Buffer.from(attribute.text) : Buffer.from(attribute.binary, 'base64');
}

/** Those that a ReceiveMessage asks for: by name, by `prefix.*`, or `All` and `.*`. */
export function pickAttributes(all: MessageAttributes, wanted: readonly string[]): MessageAttributes | undefined {
  const picked = Object.entries(all).filter(([name]) => wanted.some((pattern) => isWanted(name, pattern)));
  return picked.length === 0 ? undefined : Object.fromEntries(picked);
}

function isWanted(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*' || pattern === name) return true;
  return pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1));
}

/** As SQS sends them. */
export function attributesOut(attributes: MessageAttributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      'text' in attribute
        ? { DataType: attribute.type, StringValue: attribute.text }
        : { DataType: attribute.type, BinaryValue: attribute.binary },
    ]),
  );
}
