import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { type LocalAws, startLocalAws } from '../local/start-local-aws.ts';
import { LOCAL_FOLDER } from './dev-session.ts';
import { EXIT } from './exit-codes.ts';
import { UserError, usageError } from './user-error.ts';
import { workerProgram } from './worker-program.ts';

export interface LocalAwsFlags {
  readonly port?: number | undefined;
  readonly state?: string | undefined;
  readonly ephemeral?: boolean | undefined;
}

export const LOCAL_REGION = 'us-east-1';

const FIRST_PORT = 4210;
const PORTS_TRIED = 100;

/** Starts local AWS where the flags say: on their port or else the next free one, with state in their folder. */
export async function openLocalAws(flags: LocalAwsFlags, cwd: string): Promise<LocalAws> {
  if (flags.port !== undefined && !(Number.isInteger(flags.port) && flags.port >= 0 && flags.port < 65_536))
    throw usageError(`--port takes a number from 0 to 65535`);
  const stateDir = stateFolder(flags, cwd);
  try {
    return await startLocalAws({
      port: flags.port ?? (await freePort()),
      region: LOCAL_REGION,
      images: { 'slipway-worker': { command: workerProgram() } },
      ...(stateDir === undefined ? {} : { stateDir }),
    });
  } catch (error) {
    if (error instanceof Error && / is in use/.test(error.message))
      throw new UserError(error.message, { exitCode: EXIT.usage });
    throw error;
  }
}

/** Where state outlives the process; undefined if it does not. */
export function stateFolder({ state, ephemeral }: LocalAwsFlags, cwd: string): string | undefined {
  return ephemeral ? undefined : resolve(cwd, state ?? join(LOCAL_FOLDER, 'aws'));
}

/** What makes the AWS CLI, an SDK or boto3 speak to it. */
export function exportLines(url: string): readonly string[] {
  return [
    `export AWS_ENDPOINT_URL=${url}`,
    `export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=${LOCAL_REGION} AWS_DEFAULT_REGION=${LOCAL_REGION}`,
  ];
}

async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TRIED; port += 1) if (await isFree(port)) return port;
  return 0;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
