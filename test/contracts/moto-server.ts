import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The endpoint of the moto server that all `*.moto.test.ts` share: `http://127.0.0.1:<port>`. */
    motoEndpoint: string;
  }
}

const START_TIMEOUT_MS = 60_000;

/** Starts one moto server for the whole run; tests find it through `inject('motoEndpoint')`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(motoProgram(), ['-H', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const spoken: string[] = [];
  server.stderr?.on('data', (chunk: Buffer) => {
    if (spoken.length < 50) spoken.push(chunk.toString());
  });
  await answers(endpoint, server, spoken);
  project.provide('motoEndpoint', endpoint);
  return () => end(server);
}

function motoProgram(): string {
  const folders = [resolve('.ci/venv/bin'), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.map((folder) => join(folder, 'moto_server')).find(isExecutable);
  if (found === undefined) {
    throw new Error(
      "moto_server is neither in .ci/venv/bin nor on PATH. Install it: python3 -m pip install 'moto[server]'",
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port for moto_server');
  return address.port;
}

async function answers(endpoint: string, server: ChildProcess, spoken: readonly string[]): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < until) {
    if (server.exitCode !== null)
      throw new Error(`moto_server ended with exit code ${server.exitCode}: ${spoken.join('')}`);
    try {
      await fetch(`${endpoint}/moto-api/`);
      return;
    } catch {
      await delay(100);
    }
  }
  await end(server);
  throw new Error(`moto_server did not answer within ${START_TIMEOUT_MS / 1000} s: ${spoken.join('')}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}
