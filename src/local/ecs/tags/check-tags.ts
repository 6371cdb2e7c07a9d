import { invalidParameter } from '../ecs-errors.ts';
import type { Tag } from './tag-shape.ts';

const MAX_TAGS = 50;
const MAX_KEY_CHARACTERS = 128;
const MAX_VALUE_CHARACTERS = 256;

/** Refuses what ECS refuses as tags of one resource (API `Tag`: lengths, number, the `aws:` prefix). */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS) {
    throw invalidParameter(`Tags can have at most ${MAX_TAGS} items, this request has ${tags.length}.`);
  }
  for (const tag of tags) checkTag(tag);
  const keys = new Set(tags.map(({ key }) => key));
  if (keys.size < tags.length)
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case sensitive.');
}

function checkTag({ key, value }: Tag): void {
  const length = [...key].length;
  if (length === 0 || length > MAX_KEY_CHARACTERS) {
    throw invalidParameter(
      `Tag keys must have 1 to ${MAX_KEY_CHARACTERS} characters: '${key.slice(0, 40)}' has ${length}.`,
    );
  }
  if ([...value].length > MAX_VALUE_CHARACTERS) {
    throw invalidParameter(
      `Tag values can have at most ${MAX_VALUE_CHARACTERS} characters: that of '${key}' is longer.`,
    );
  }
  if (/^aws:/i.test(key)) throw invalidParameter(`Tag keys cannot start with 'aws:', which is reserved: '${key}'.`);
}
