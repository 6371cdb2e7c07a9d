import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, posix, resolve } from 'node:path';
import type { BuildFailure, Message, OutputFile, Plugin } from 'esbuild';
import type { Fault } from '../../core/fault.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** A flow's module with all that it imports, and the map that leads from it to the author's files. */
export interface FlowBundle {
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
  readonly warnings: readonly Fault[];
}

/** The name of the bundle: the first that the worker looks for. */
export const BUNDLE_NAME = 'flow.mjs';

/** CommonJS packages in a bundle ask for Node's own modules by `require`, which an ES module does not have by itself. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Makes one ES module of a flow's TypeScript or JavaScript, the SDK inside. Equal files give equal bytes wherever they lie:
 * nothing in the bundle names a folder outside of theirs.
 */
export async function bundleFlow(file: string): Promise<Result<FlowBundle, readonly Fault[]>> {
  const path = resolve(file);
  const folder = dirname(path);
  // Its start takes longer than all of ours.
  const { build } = await import('esbuild');
  try {
    const { outputFiles, warnings } = await build({
      entryPoints: [path],
      absWorkingDir: folder,
      outfile: join(folder, BUNDLE_NAME),
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      banner: { js: REQUIRE },
      plugins: [ownSdk()],
    });
    const place = (message: Message): Fault => faultOf(message, folder);
    return ok({
      code: contentsOf(outputFiles, BUNDLE_NAME),
      sourceMap: contentsOf(outputFiles, `${BUNDLE_NAME}.map`),
      warnings: warnings.map(place),
    });
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return err(error.errors.map((message) => faultOf(message, folder)));
  }
}

const SDK = join(import.meta.dirname, '..', '..', 'sdk');
const NAMESPACE = 'slipway-sdk';

/** `slipway/sdk` is this program's own, wherever the flow lies; named so that the place of neither is in the bundle. */
function ownSdk(): Plugin {
  return {
    name: NAMESPACE,
    setup: ({ onResolve, onLoad }) => {
      const index = `index${extname(import.meta.filename)}`;
      onResolve({ filter: /^slipway\/sdk$/ }, () => ({ path: index, namespace: NAMESPACE }));
      onResolve({ filter: /^\./, namespace: NAMESPACE }, ({ path, importer }) => ({
        path: posix.join(posix.dirname(importer), path),
        namespace: NAMESPACE,
      }));
      onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
        contents: await readFile(join(SDK, path)),
        loader: path.endsWith('.ts') ? 'ts' : 'js',
      }));
    },
  };
}

function contentsOf(files: readonly OutputFile[], name: string): Uint8Array {
  const found = files.find(({ path }) => basename(path) === name);
  if (found === undefined) throw new Error(`esbuild has not written ${name}`);
  return found.contents;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray(Reflect.get(error, 'errors'));
}

function faultOf({ text, location, notes }: Message, folder: string): Fault {
  const hint = notes[0]?.text;
  return {
    ...(location === null
      ? {}
      : { place: { file: resolve(folder, location.file), line: location.line, column: location.column + 1 } }),
    message: text,
    ...(hint === undefined ? {} : { hint }),
  };
}
