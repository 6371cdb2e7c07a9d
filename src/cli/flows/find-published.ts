import { didYouMean } from '../../core/did-you-mean.ts';
import type { FlowCatalogue, FlowRecord } from '../../core/flow-catalogue.ts';
import { type FlowSpec, parseFlowSpec } from '../../core/flow-spec.ts';
import { EXIT } from '../exit-codes.ts';
import { UserError } from '../user-error.ts';

/** The published flow that `name` or `name@version` means. Of `others`, too, a name may have been meant. */
export async function findPublished(
  catalogue: FlowCatalogue,
  ref: string,
  others: readonly { readonly flow: string }[] = [],
): Promise<FlowRecord> {
  const [, flow = ref, version = 'latest'] = /^(.*?)@(.*)$/.exec(ref) ?? [];
  const record = await catalogue.find(flow, version);
  if (record !== undefined) return record;
  const published = await catalogue.list();
  const versions = published.filter((summary) => summary.flow === flow).map((summary) => summary.version);
  if (versions.length > 0) {
    const message =
      version === 'latest'
        ? `of "${flow}" only branches are published`
        : `version ${version} of "${flow}" is not published`;
    throw new UserError(message, {
      exitCode: EXIT.notFound,
      next: `published are ${versions.slice(0, 10).join(', ')}`,
    });
  }
  const near = didYouMean(
    flow,
    [...published, ...others].map((known) => known.flow),
  );
  const next = near === undefined ? 'slipway flows ls' : `did you mean "${near}"?`;
  throw new UserError(`no flow "${flow}" is published`, { exitCode: EXIT.notFound, next });
}

/** The graph of a published flow. */
export function specOfRecord({ spec, flow, version }: FlowRecord): FlowSpec {
  const parsed = parseFlowSpec(spec);
  if (parsed.ok) return parsed.value;
  throw new Error(`the record of ${flow} ${version} is damaged: ${parsed.error}`);
}
