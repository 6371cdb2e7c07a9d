import { z } from 'zod';

/** The keys that a schema knows at a path: what an unknown key there could have meant. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const end = schemaAt(schema, path);
  return end instanceof z.ZodObject ? Object.keys(end.shape) : [];
}

/** The schema at a path, without what makes it optional. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let at: z.core.$ZodType | undefined = unwrap(schema);
  for (const step of path) {
    const member: z.core.$ZodType | undefined = at === undefined ? undefined : memberOf(at, step);
    at = member === undefined ? undefined : unwrap(member);
  }
  return at;
}

function memberOf(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, step) ? schema.shape[String(step)] : undefined;
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return unwrap(schema.def.innerType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in);
  if (schema instanceof z.ZodUnion)
    return unwrap(schema.options.find((option) => option instanceof z.ZodObject) ?? schema.options[0] ?? z.never());
  return schema;
}
