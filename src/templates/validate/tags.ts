import type { Fault, Place } from '../../core/fault.ts';
import { type ConfigNode, child, textOf } from '../config-node.ts';
import { HASH_TAG } from '../definition-hash.ts';

const MOST_TAGS = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** ECS's limits for tags (API Tag): 50 of them, keys of 128 and values of 256 characters, none that begins with `aws:`. */
export function tagFaults(list: ConfigNode | undefined): readonly Fault[] {
  if (list?.kind !== 'list') return [];
  const faults = list.items.flatMap(faultsOfTag);
  if (list.items.length <= MOST_TAGS) return faults;
  return [
    { place: list.origin, message: `tags: there are ${list.items.length}, ECS takes at most ${MOST_TAGS}` },
    ...faults,
  ];
}

function faultsOfTag(tag: ConfigNode): readonly Fault[] {
  const key = textOf(tag, 'key') ?? '';
  const value = textOf(tag, 'value') ?? '';
  const keyPlace = child(tag, 'key')?.origin ?? tag.origin;
  if (keyPlace.file !== 'reserved' && key === HASH_TAG)
    return [{ place: keyPlace, message: `the tag "${key}" is reserved` }];
  if (/^aws:/i.test(key)) return [{ place: keyPlace, message: `the tag "${key}" may not begin with aws:` }];
  if (!KEY.test(key))
    return [
      {
        place: keyPlace,
        message: `the tag key "${key}" is none`,
        hint: '1 to 128 letters, digits, spaces or _.:/=+-@',
      },
    ];
  return VALUE.test(value) ? [] : [valueFault(key, value, child(tag, 'value')?.origin ?? tag.origin)];
}

function valueFault(key: string, value: string, place: Place): Fault {
  if (value.length > 256)
    return { place, message: `the value of tag "${key}" has ${value.length} characters; ECS takes at most 256` };
  const message = `the value of tag "${key}" has characters that ECS does not take`;
  return { place, message, hint: 'letters, digits, spaces and _.:/=+-@ are taken' };
}
