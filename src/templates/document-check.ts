import type { z } from 'zod';
import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type ConfigNode, type MapNode, toJson } from './config-node.ts';
import { shapeFaults } from './shape-faults.ts';
import { keysAt } from './shape-keys.ts';

/** A document's value in the words of its schema; or all that is wrong with it, each with line and column. */
export function checkShape<T extends z.ZodType>(node: ConfigNode, schema: T): Result<z.output<T>, readonly Fault[]> {
  const parsed = schema.safeParse(toJson(node));
  return parsed.success ? ok(parsed.data) : err(shapeFaults(node, parsed.error.issues, (path) => keysAt(schema, path)));
}

/** The document, if it is a map. */
export function asMap(node: ConfigNode, what: string): Result<MapNode, readonly Fault[]> {
  if (node.kind === 'map') return ok(node);
  const empty = node.kind === 'scalar' && node.value === null;
  return err([{ place: node.origin, message: empty ? `${what} is empty` : `${what} has to be a map` }]);
}
