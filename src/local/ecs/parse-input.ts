import type { z } from 'zod';
import { AwsError } from '../service.ts';
import { invalidParameter } from './ecs-errors.ts';

/**
 * The input of a call as the operation's shape. Members that the shape does not know are left out and nulls count as
 * absent, as AWS JSON services read them. A member of the wrong type is a `SerializationException`, a number out of its
 * range an `InvalidParameterException`.
 */
export function parseInput<Shape extends z.ZodType>(shape: Shape, input: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(withoutNulls(input));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'too_big' || issue?.code === 'too_small') {
    throw invalidParameter(`${issue.path.join('.')}: ${issue.message}`);
  }
  throw new AwsError('SerializationException', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}`);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}
