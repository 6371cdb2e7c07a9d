import { z } from 'zod';
import { parseJsonText } from './parse-json-text.ts';
import { err, ok, type Result } from './result.ts';

const stepSpec = z.object({
  name: z.string(),
  /** Name of an input → the step whose output it is. */
  inputs: z.record(z.string(), z.string()).default({}),
  after: z.array(z.string()).default([]),
  /** The step over whose output's elements this one is called. */
  mapOver: z.string().optional(),
  retries: z.object({ max: z.number(), delayMs: z.number(), factor: z.number(), maxDelayMs: z.number() }),
  timeoutMs: z.number().optional(),
  concurrency: z.number().optional(),
  cached: z.boolean().optional(),
});

/** As `flow()` demands them: both become parts of keys, in the table and in the bucket. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

const flowSpec = z.object({
  formatVersion: z.literal(1),
  flow: z.string().regex(NAME),
  version: z.string().regex(VERSION),
  description: z.string().optional(),
  /** The JSON Schema of the parameters. */
  parameters: z.record(z.string(), z.json()).optional(),
  steps: z.array(stepSpec),
  result: z.string().optional(),
  concurrency: z.number(),
});

/** `flow_spec.json` of an artifact: the graph, without the code of its steps. Its steps are in an order in which they can run. */
export type FlowSpec = z.output<typeof flowSpec>;

export type StepSpec = FlowSpec['steps'][number];

/** Reads the text of a `flow_spec.json`; keys that are not known are left out. The error says what is wrong. */
export function parseFlowSpec(text: string): Result<FlowSpec, string> {
  return parseArtifactFile(flowSpec, 'flow_spec.json', text);
}

const metadata = z.object({
  formatVersion: z.literal(1),
  flow: z.string(),
  version: z.string(),
  entry: z.string(),
  builtWith: z.object({ slipway: z.string(), node: z.string(), esbuild: z.string() }),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
});

/** `metadata.json` of an artifact: what it was built with, and the hash of every other file in it. */
export type ArtifactMetadata = z.output<typeof metadata>;

/** Reads the text of a `metadata.json`. The error says what is wrong. */
export function parseArtifactMetadata(text: string): Result<ArtifactMetadata, string> {
  return parseArtifactFile(metadata, 'metadata.json', text);
}

function parseArtifactFile<T>(schema: z.ZodType<T>, name: string, text: string): Result<T, string> {
  const json = parseJsonText(text);
  if (!json.ok) return err(`${name} is no JSON`);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const [first] = parsed.error.issues;
  return err(`${name}: ${first?.path.join('.') ?? ''} ${first?.message ?? 'is not valid'}`);
}
