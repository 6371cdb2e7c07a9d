import { createHash } from 'node:crypto';
import { formatFault } from '../../core/fault.ts';
import { nextTick } from '../../core/schedules/timing.ts';
import type { HttpAddress } from '../../server/http-address.ts';
import type { Workspace } from '../../templates/workspace.ts';
import { type Finding, ng, ok } from '../doctor/finding.ts';
import { durationText } from '../print-time.ts';
import { zonedText } from '../zoned-time.ts';

export interface OwnFacts {
  readonly workspace: Workspace;
  readonly address: HttpAddress;
  readonly region: string | undefined;
  readonly now: number;
}

/** What the agent knows of itself without asking anybody: what it was told, and what it has read. */
export function ownFacts(facts: OwnFacts): readonly Finding[] {
  const { workspace, address } = facts;
  const { agent } = workspace;
  const { concurrentRuns, launchesPerSecond, concurrency } = agent.limits;
  const keys = concurrency.map(({ key, limit }) => ` · ${key} ${limit}`).join('');
  return [
    ok('agent', [agent.name, labelsText(agent.labels, agent.strictLabels)].join('  ')),
    ok('cluster', `${agent.ecs.cluster ?? 'default'}  ${facts.region ?? ''}  ${launchText(agent.ecs)}`.trimEnd()),
    ...flows(workspace),
    ...templates(workspace),
    schedules(facts),
    ok('limits', `${concurrentRuns} runs at once · ${launchesPerSecond} launches/s${keys}`),
    ok('notify', agent.notify.map(({ name, to }) => name ?? to).join(', ') || 'nobody'),
    ok('http', `${address.url}  /healthz /readyz /metrics${agent.http.token === undefined ? '' : '  with a token'}`),
  ];
}

function labelsText(labels: readonly string[], strict: boolean): string {
  if (labels.length === 0) return strict ? 'no labels: unlabelled runs only' : 'no labels';
  return `labels ${labels.join(', ')}${strict ? ' (strict)' : ''}`;
}

function launchText({ launchType, capacityProviderStrategy }: Workspace['agent']['ecs']): string {
  const providers: readonly unknown[] = Array.isArray(capacityProviderStrategy) ? capacityProviderStrategy : [];
  const named = providers.flatMap((one) =>
    typeof one === 'object' && one !== null && 'capacityProvider' in one ? [String(one.capacityProvider)] : [],
  );
  return named.length > 0 ? named.join(', ') : String(launchType ?? 'FARGATE');
}

function flows({ agent, flows: loaded, flowFaults, sources }: Workspace): readonly Finding[] {
  const words = `${loaded.size} loaded from ${agent.flows}  (${sourcesDigest(sources)})`;
  return [
    ok('flows', words),
    ...flowFaults.map((fault) => ng('flows', `left out: ${formatFault(fault)}`, 'slipway config validate')),
  ];
}

/** Of everything that was read: agents that show the same run by the same files. */
function sourcesDigest(sources: ReadonlyMap<string, string>): string {
  const etags = [...sources].map(([ref, etag]) => `${ref.split('/').at(-1)} ${etag}`).sort();
  return `files ${createHash('sha256').update(etags.join('\n')).digest('hex').slice(0, 8)}`;
}

/** An MD5 is shown whole: it is how S3's console and CLI show it. */
const ETAG_SHOWN = 32;

function templates({ templates: read, sources }: Workspace): readonly Finding[] {
  return [...read.keys()]
    .sort()
    .map((ref) =>
      ok('template', `${ref}  etag ${(sources.get(ref) ?? 'unknown').replaceAll('"', '').slice(0, ETAG_SHOWN)}`),
    );
}

function schedules({ workspace, now }: OwnFacts): Finding {
  const all = [...workspace.flows.values()].flatMap((flow) => flow.schedules);
  const active = all.filter(({ enabled }) => enabled);
  const due = active.flatMap((schedule) => {
    const tick = nextTick(schedule, now);
    return tick === undefined ? [] : [{ schedule, tick }];
  });
  const [next] = due.sort((a, b) => a.tick - b.tick);
  const counts = `${active.length} enabled of ${all.length}`;
  if (next === undefined) return ok('schedules', all.length === 0 ? 'none' : counts);
  const { schedule, tick } = next;
  return ok(
    'schedules',
    `${counts}, next ${schedule.id} ${zonedText(tick, schedule.timezone)} (in ${durationText(tick - now)})`,
  );
}
