import { didYouMean } from '../core/did-you-mean.ts';
import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RunRequest } from '../core/run-request.ts';
import type { AgentConfig } from './agent-config.ts';
import type { FlowDefinition } from './flow-definition.ts';

/**
 * The packages of a run's deployment (the request's, else the flow's) as `s3://` addresses, in the deployment's order; a
 * known hash or size stands behind the address (`#sha256=…&bytes=…`), for the worker to check. Where agent.yaml knows no
 * deployments, the name is only a name.
 */
export function depPackagesOf(
  { deployments, packages }: AgentConfig,
  flow: FlowDefinition,
  request: RunRequest,
): Result<readonly string[], readonly Fault[]> {
  const name = request.deployment ?? flow.deployment;
  const names = Object.keys(deployments);
  if (name === undefined || names.length === 0) return ok([]);
  const place = { file: request.deployment === undefined ? flow.file : 'request' };
  const slugs = Object.hasOwn(deployments, name) ? deployments[name] : undefined;
  if (slugs === undefined) return err([unknown(place, 'deployment', name, names)]);
  const missing = slugs.filter((slug) => !Object.hasOwn(packages, slug));
  if (missing.length > 0) return err(missing.map((slug) => unknown(place, 'package', slug, Object.keys(packages))));
  return ok(slugs.flatMap((slug) => addressOf(packages[slug])));
}

function unknown(place: Fault['place'], what: string, name: string, known: readonly string[]): Fault {
  const near = didYouMean(name, known);
  const hint = near === undefined ? `agent.yaml has ${known.join(', ') || `no ${what}s`}` : `did you mean "${near}"?`;
  return { ...(place === undefined ? {} : { place }), message: `there is no ${what} "${name}"`, hint };
}

function addressOf(written: AgentConfig['packages'][string] | undefined): readonly string[] {
  if (written === undefined) return [];
  if (typeof written === 'string') return [written];
  const { uri, sha256, bytes } = written;
  const facts = [sha256 && `sha256=${sha256}`, bytes === undefined ? undefined : `bytes=${bytes}`].filter(Boolean);
  return [facts.length === 0 ? uri : `${uri}#${facts.join('&')}`];
}
