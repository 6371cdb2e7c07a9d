import { z } from 'zod';
import type { Place } from '../core/fault.ts';
import type { Json } from '../core/json.ts';
import { agentShape } from './agent-shape.ts';
import { emptyMap, type MapNode, nodeOf, withKeys } from './config-node.ts';
import { merge } from './merge.ts';
import { schemaAt } from './shape-keys.ts';

/** A flag or a `SLIPWAY_*` variable that says something about agent.yaml. */
export interface Setting {
  /** Text is read as the key wants it: `"20"` as a number, `"a,b"` as a list. */
  readonly value: Json;
  /** As the user knows it: `--cluster`, `SLIPWAY_CLUSTER`. */
  readonly origin: string;
}

/** Key path in agent.yaml (`ecs.cluster`) → what the flag, else the variable, says. */
export type Settings = Readonly<Record<string, Setting>>;

/** A flag says more than a variable, and both say more than the file. */
export type SettingKind = 'file' | 'variable' | 'flag';

export function settingKind({ file, line }: Place): SettingKind {
  if (line !== undefined) return 'file';
  if (file.startsWith('-')) return 'flag';
  return file.startsWith('SLIPWAY_') ? 'variable' : 'file';
}

/** Lays flags and variables over agent.yaml. */
export function applySettings(document: MapNode, settings: Settings): MapNode {
  return Object.entries(settings).reduce(
    (map, [path, setting]) => merge(map, overlay(path.split('.'), setting)),
    document,
  );
}

function overlay(path: readonly string[], { value, origin }: Setting): MapNode {
  const place = { file: origin };
  const read = typeof value === 'string' ? readText(value, schemaAt(agentShape, path)) : value;
  const [last = '', ...above] = [...path].reverse();
  const leaf = withKeys(emptyMap(place), { [last]: nodeOf(read, place) });
  return above.reduce((map, key) => withKeys(emptyMap(place), { [key]: map }), leaf);
}

function readText(text: string, schema: z.core.$ZodType | undefined): Json {
  if (schema instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (schema instanceof z.ZodBoolean && (text === 'true' || text === 'false')) return text === 'true';
  if (!(schema instanceof z.ZodArray)) return text;
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
