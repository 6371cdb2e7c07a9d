/** Turns a step's output into bytes and back, for whoever needs it later: the next step, or the next attempt. */
export interface Serializer {
  readonly name: string;
  readonly contentType: string;
  /** Of a file's name, without the dot. */
  readonly extension: string;
  /** Throws a {@link SerializerError} for what it could not give back. */
  encode(output: unknown): Uint8Array | string;
  decode(bytes: Uint8Array): unknown;
}

/** A step has put out something that cannot be kept. */
export class SerializerError extends Error {
  override readonly name = 'SerializerError';
}

/** JSON in UTF-8. Refuses what JSON would silently change: a Date becomes text, a Map loses all it has. */
export const jsonSerializer: Serializer = {
  name: 'json',
  contentType: 'application/json',
  extension: 'json',
  encode: (output) => {
    try {
      // JSON has no undefined; no bytes at all stand for it.
      return JSON.stringify(output, refuseLosses) ?? '';
    } catch (error) {
      if (error instanceof SerializerError) throw error;
      throw new SerializerError(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
    }
  },
  decode: (bytes) => {
    const decoded: unknown = bytes.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(bytes));
    return decoded;
  },
};

/** Called by JSON.stringify with the object that has the value: the value itself may be what its `toJSON` has made of it. */
function refuseLosses(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value;
  const loss = lossOf(original);
  if (loss === undefined) return value;
  const where = key === '' ? 'the output is' : `"${key}" is`;
  throw new SerializerError(
    `${where} ${loss}, which JSON cannot give back: turn it into text, numbers, lists or objects`,
  );
}

const LOSSY_CLASSES = [Date, Map, Set, RegExp, WeakMap, WeakSet, ArrayBuffer, Promise] as const;

function lossOf(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (ArrayBuffer.isView(value)) return 'binary data';
  const lossy = LOSSY_CLASSES.find((known) => value instanceof known);
  return lossy === undefined ? undefined : `a ${lossy.name}`;
}
