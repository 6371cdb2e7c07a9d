import { hostname } from 'node:os';
import type { AgentProcess } from '../core/fleet.ts';
import { packageVersion } from './package-version.ts';

/** This program, as others are told of it. */
export function thisProcess(): Omit<AgentProcess, 'startedAt'> {
  return { host: hostname(), pid: process.pid, version: packageVersion() };
}
