/** A JSON Schema of an object, as far as types can follow it; other keywords are checked when a run is requested. */
export interface ParametersSchema {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** The type of the parameters that fit a schema, with its defaults filled in. Without a schema anything goes. */
export type ParametersOf<S> = S extends { readonly type: 'object' } ? FromSchema<S> : Readonly<Record<string, unknown>>;

type FromSchema<S> = S extends { readonly const: infer Value }
  ? Value
  : S extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : S extends { readonly type: readonly (infer Type)[] }
      ? OfType<Type, S>
      : S extends { readonly type: infer Type }
        ? OfType<Type, S>
        : unknown;

type OfType<Type, S> = Type extends 'string'
  ? string
  : Type extends 'number' | 'integer'
    ? number
    : Type extends 'boolean'
      ? boolean
      : Type extends 'null'
        ? null
        : Type extends 'array'
          ? readonly (S extends { readonly items: infer Items } ? FromSchema<Items> : unknown)[]
          : Type extends 'object'
            ? ObjectOf<S>
            : unknown;

type ObjectOf<S> = S extends { readonly properties: infer Properties }
  ? {
      readonly [K in keyof Properties as K extends AlwaysThere<S, Properties> ? K : never]: FromSchema<Properties[K]>;
    } & {
      readonly [K in keyof Properties as K extends AlwaysThere<S, Properties> ? never : K]?: FromSchema<Properties[K]>;
    }
  : Readonly<Record<string, unknown>>;

/** What is required, and what has a default. */
type AlwaysThere<S, Properties> =
  | (S extends { readonly required: readonly (infer Name)[] } ? Name : never)
  | { [K in keyof Properties]: Properties[K] extends { readonly default: unknown } ? K : never }[keyof Properties];
