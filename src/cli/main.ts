#!/usr/bin/env node
import { systemClock } from '../service/clock.ts';
import { readEnv, silenceSdkWarning } from './env.ts';
import { programName } from './program-name.ts';
import { runCli } from './run-cli.ts';

silenceSdkWarning();
process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: readEnv(),
  clock: systemClock,
  signals: process,
  program: programName(process.argv[1] ?? '', process.cwd()),
  cwd: process.cwd(),
});
