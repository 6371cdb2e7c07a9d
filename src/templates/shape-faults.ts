import type { z } from 'zod';
import type { Fault, Place } from '../core/fault.ts';
import { type ConfigNode, nodeAt } from './config-node.ts';
import { didYouMeanFault, unknownKeyFault } from './word-faults.ts';

type Issue = z.core.$ZodIssue;

/** Says zod's issues in our words, each at the line and column of the value that it is about. */
export function shapeFaults(
  root: ConfigNode,
  issues: readonly Issue[],
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): readonly Fault[] {
  return issues.flatMap((issue) => faultsOfIssue(root, issue, keysAt));
}

function faultsOfIssue(
  root: ConfigNode,
  issue: Issue,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): readonly Fault[] {
  const { node } = nodeAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKeyFault(key, nodeAt(node, [key]).at, keysAt(issue.path)));
    case 'invalid_value':
      return [invalidValue(node, issue.path, issue.values.map(String))];
    case 'invalid_key':
      return [
        {
          place: nodeAt(root, issue.path).at,
          message: `"${String(issue.path.at(-1))}" ${issue.issues[0]?.message ?? 'is no valid key'}`,
        },
      ];
    default:
      return [{ place: placeOf(root, issue), message: `${pathText(issue.path)}${wordsOf(issue)}` }];
  }
}

function invalidValue(node: ConfigNode, path: readonly PropertyKey[], values: readonly string[]): Fault {
  if (node.kind === 'scalar' && typeof node.value === 'string')
    return didYouMeanFault(node.origin, pathText(path).trim(), node.value, values);
  return { place: node.origin, message: `${pathText(path)}has to be one of ${values.join(', ')}` };
}

/** What is missing is missing from its map; a wrong value stands where it stands. */
function placeOf(root: ConfigNode, issue: Issue): Place {
  return nodeAt(root, issue.path).node.origin;
}

/** `limits.concurrency[0].key `, with a space behind. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')} `;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'has to be text',
  number: 'has to be a number',
  int: 'has to be a whole number',
  boolean: 'has to be true or false',
  array: 'has to be a list',
  object: 'has to be a map',
  record: 'has to be a map',
};

function wordsOf(issue: Issue): string {
  if (!/^(?:Invalid|Too)\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is missing'
        : (TYPE_WORDS[issue.expected] ?? issue.message);
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'may not be empty'
        : `has to be at least ${issue.minimum}`;
    case 'too_big':
      return `has to be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}
