import { AwsError } from '../service.ts';
import { MAX_ITEM_BYTES } from './dynalite.ts';
import type { Item } from './table-description.ts';

/** Throws if the item is too large. dynalite counts characters; DynamoDB counts bytes of UTF-8. */
export function checkItemSize(item: Item, message: string): void {
  if (itemBytes(item) > MAX_ITEM_BYTES) throw new AwsError('ValidationException', message);
}

/**
 * The size that limits and transactions count: attribute names and values (DynamoDB Developer Guide, "DynamoDB item
 * sizes and formats").
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const [type, content] = Object.entries(value)[0] ?? ['NULL', true];
  const size = SIZES[type];
  return size === undefined ? 1 : size(content);
}

const SIZES: Readonly<Record<string, (content: unknown) => number>> = {
  S: textBytes,
  N: numberBytes,
  B: binaryBytes,
  SS: (content) => sum(content, textBytes),
  NS: (content) => sum(content, numberBytes),
  BS: (content) => sum(content, binaryBytes),
  L: (content) => 3 + sum(content, (element) => 1 + valueBytes(element)),
  M: (content) => 3 + sumOfEntries(content),
};

function textBytes(content: unknown): number {
  return Buffer.byteLength(String(content));
}

function binaryBytes(content: unknown): number {
  return Buffer.byteLength(String(content), 'base64');
}

/** About one byte for two significant digits, and one more. */
function numberBytes(content: unknown): number {
  const digits = String(content).replace(/^[-+]?0*\.?0*|\D/g, '').length;
  return 1 + Math.ceil(digits / 2) + (String(content).startsWith('-') ? 1 : 0);
}

function sum(content: unknown, size: (element: unknown) => number): number {
  let bytes = 0;
  for (const element of Array.isArray(content) ? content : []) bytes += size(element);
  return bytes;
}

function sumOfEntries(content: unknown): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(content ?? {})) bytes += 1 + Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}
