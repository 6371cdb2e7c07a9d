import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What `slipway dev` tells the other commands about itself, in `.slipway/dev.json`. */
export interface DevSession {
  readonly endpoint: string;
  readonly region: string;
  readonly queueUrl: string;
  readonly table: string;
  readonly bucket: string;
  /** The agent.yaml it reads, a path from the root or an `s3://` address; absent if it reads none. */
  readonly config?: string;
  readonly pid: number;
}

/** The folder of everything local. */
export const LOCAL_FOLDER = '.slipway';
const FILE = 'dev.json';

/** The session of the folder or of the nearest folder above it, if its process lives. */
export function findDevSession(cwd: string): DevSession | undefined {
  const session = readSession(join(cwd, LOCAL_FOLDER, FILE));
  if (session !== undefined && isAlive(session.pid)) return session;
  const above = dirname(cwd);
  return above === cwd ? undefined : findDevSession(above);
}

/** The session of this very folder, if its process lives. */
export function ownDevSession(cwd: string): DevSession | undefined {
  const session = readSession(join(cwd, LOCAL_FOLDER, FILE));
  return session !== undefined && isAlive(session.pid) ? session : undefined;
}

/** Puts the session where the other commands look; the returned function takes it away again. */
export function publishDevSession(cwd: string, session: DevSession): () => void {
  const path = join(cwd, LOCAL_FOLDER, FILE);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(session, null, 2)}\n`);
  return () => {
    if (readSession(path)?.pid === session.pid) rmSync(path, { force: true });
  };
}

function readSession(path: string): DevSession | undefined {
  try {
    return asSession(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there, or half written by a process that died over it: either way there is no session.
    return undefined;
  }
}

function asSession(value: unknown): DevSession | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { endpoint, region, queueUrl, table, bucket, config = '', pid } = value as Partial<DevSession>;
  const texts = [endpoint, region, queueUrl, table, bucket, config];
  return texts.every((text) => typeof text === 'string') && typeof pid === 'number' ? (value as DevSession) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
