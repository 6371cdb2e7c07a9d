import { didYouMean } from '../core/did-you-mean.ts';
import type { Fault, Place } from '../core/fault.ts';
import type { ConfigNode, ScalarNode } from './config-node.ts';

/** So many known keys are told in full where none is near. */
const FEW = 8;

/** `unknown key "clutser"`, with the key that was probably meant, or the few that there are. */
export function unknownKeyFault(key: string, place: Place, known: readonly string[]): Fault {
  const message = `unknown key "${key}"`;
  const near = didYouMean(key, known) ?? known.find((word) => key.length > 2 && word.startsWith(key));
  if (near !== undefined) return { place, message, hint: `did you mean "${near}"?` };
  return known.length > 0 && known.length <= FEW
    ? { place, message, hint: `known are ${known.join(', ')}` }
    : { place, message };
}

/** `networkMode takes no "awsvcp"`, with the word that was probably meant, or all there are. */
export function didYouMeanFault(place: Place, field: string, word: string, known: readonly string[]): Fault {
  const near = didYouMean(word, known);
  const hint = near === undefined ? `it takes ${known.join(', ')}` : `did you mean "${near}"?`;
  return { place, message: `${field} takes no "${word}"`, hint };
}

/**
 * A number that would become another text than the one that was written: an account id such as `012345678901` without
 * quotes is a number to YAML, `1.10` is `1.1`.
 */
export function lossyNumber(node: ScalarNode): readonly Fault[] {
  if (typeof node.value !== 'number') return [];
  const exact = Number.isSafeInteger(node.value) || !Number.isInteger(node.value);
  if (node.text === undefined && exact) return [];
  const written = node.text ?? String(node.value);
  const message = `${written} reads as the number ${node.value}`;
  return [{ place: node.origin, message, hint: `put it in quotes: "${written}"` }];
}

/** The lossy numbers among the values of a map of texts (`env`, `tags`). */
export function lossyValues(node: ConfigNode | undefined): readonly Fault[] {
  if (node?.kind !== 'map') return [];
  return [...node.entries.values()].flatMap(({ value }) => (value.kind === 'scalar' ? lossyNumber(value) : []));
}
