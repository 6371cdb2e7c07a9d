import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export interface Programs {
  /** The agent's program; its argument is JSON of `AgentArguments`. */
  readonly agent: string;
  /** The worker's. */
  readonly worker: string;
}

const REQUIRE = "import{createRequire as __make}from'node:module';const require=__make(import.meta.url);";

/** Bundles agent and worker into `folder`: a process of them then starts in half the time, and a matrix starts hundreds. */
export async function buildPrograms(folder: string): Promise<Programs> {
  await build({
    entryPoints: {
      agent: resolve('test/crash/agent-program.ts'),
      'worker/main': resolve('src/worker/main.ts'),
      'worker/flow-process': resolve('src/worker/flow-process.ts'),
    },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  return { agent: join(folder, 'agent.mjs'), worker: join(folder, 'worker/main.mjs') };
}
