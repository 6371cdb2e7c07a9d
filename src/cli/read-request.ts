import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Fault } from '../core/fault.ts';
import { isJsonMap, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { parseRunRequest } from '../core/parse-run-request.ts';
import type { RunRequest } from '../core/run-request.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { FaultsError } from './user-error.ts';

/** Which launch of a flow a command is about. */
export interface RequestFlags {
  readonly flow: string;
  /** A JSON file, or `-` for stdin; without one the request says nothing but the flow. */
  readonly request?: string | undefined;
  readonly environment?: string | undefined;
}

/** The run request that the flags name, checked as the agent would check it. */
export async function readRequest(
  { flow, request, environment }: RequestFlags,
  context: CliContext,
): Promise<RunRequest> {
  const from = request === '-' ? 'stdin' : (request ?? '--request');
  const body = request === undefined ? {} : await readBody(request, from, context);
  const named = 'flow' in body || 'flow_name' in body ? body : { flow, ...body };
  const chosen = environment === undefined ? named : { ...named, environment };
  const parsed = parseRunRequest(JSON.stringify(chosen));
  if (!parsed.ok) throw requestError(parsed.error, from);
  if (parsed.value.request.flow !== flow) {
    const message = `the request is for the flow "${parsed.value.request.flow}", not for "${flow}"`;
    throw requestError([{ message }], from);
  }
  return parsed.value.request;
}

async function readBody(request: string, from: string, { cwd, stdin }: CliContext): Promise<JsonMap> {
  const text =
    request === '-' ? await textFrom(stdin) : await readFile(resolve(cwd, request), 'utf8').catch(unreadable);
  if (typeof text !== 'string') throw requestError([{ message: `cannot be read: ${text.message}` }], from);
  const parsed = parseJsonText(text);
  if (!parsed.ok) throw requestError([parsed.error], from);
  if (!isJsonMap(parsed.value)) throw requestError([{ message: 'the request is not a JSON object' }], from);
  return parsed.value;
}

function unreadable(error: unknown): { readonly message: string } {
  return { message: error instanceof Error ? error.message : String(error) };
}

async function textFrom(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function requestError(faults: readonly Fault[], from: string): FaultsError {
  const placed = faults.map((fault) => ({ place: { file: from }, ...fault }));
  return new FaultsError('the request is not valid', placed, { exitCode: EXIT.config });
}
