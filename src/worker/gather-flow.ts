import { join } from 'node:path';
import type { JsonMap } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { WorkerEnv } from './env.ts';
import { fetchArchive } from './fetch-archive.ts';
import type { FetchDeps } from './fetch-file.ts';
import { type FetchedArtifact, fetchArtifact, fetchParameters } from './fetch-flow.ts';
import { place, placePackages } from './place-packages.ts';

/** All that a run needs, on this disk. */
export interface GatheredFlow {
  readonly parameters: JsonMap;
  /** Undefined for a command without one. */
  readonly artifact: FetchedArtifact | undefined;
  /** Where each package is unpacked. */
  readonly packages: readonly string[];
}

export interface GatherDeps extends FetchDeps {
  /** The folder of this program's own package: what `slipway/sdk` means to a flow that does not bring it along. */
  readonly ownPackage: string;
}

/** Fetches artifact, packages and parameters into the folder, all at once. The error is for the flow's author. */
export async function gatherFlow(
  env: WorkerEnv,
  folder: string,
  deps: GatherDeps,
): Promise<Result<GatheredFlow, string>> {
  const artifactFolder = join(folder, 'flow');
  const [parameters, artifact, packages] = await Promise.all([
    fetchParameters(deps, env.parameters),
    env.artifactS3Uri === undefined ? ok(undefined) : fetchArtifact(deps, env.artifactS3Uri, artifactFolder),
    fetchPackages(env, join(folder, 'packages'), deps),
  ]);
  if (!parameters.ok) return parameters;
  if (!artifact.ok) return artifact;
  if (!packages.ok) return packages;
  await placePackages(folder, packages.value);
  await place(folder, 'slipway', deps.ownPackage);
  return ok({ parameters: parameters.value, artifact: artifact.value, packages: packages.value });
}

async function fetchPackages(
  { depPackages }: WorkerEnv,
  folder: string,
  deps: FetchDeps,
): Promise<Result<readonly string[], string>> {
  const fetched = await Promise.all(
    depPackages.map(({ uri, ...expected }, index) =>
      fetchArchive(deps, uri, 'package', join(folder, String(index + 1)), expected),
    ),
  );
  const folders: string[] = [];
  for (const one of fetched) {
    if (!one.ok) return err(one.error);
    folders.push(one.value);
  }
  return ok(folders);
}
