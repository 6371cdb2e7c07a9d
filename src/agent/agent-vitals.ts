import type { ObservedCall } from '../aws/watch-calls.ts';
import { type CallTrouble, callTroubleOf } from '../core/call-trouble.ts';
import { type HealthCheck, type HealthReport, healthReport } from '../server/health-report.ts';
import type { Clock } from '../service/clock.ts';
import { LoopPulse, type LoopState } from '../service/loop-pulse.ts';
import type { RoundReport } from '../service/poll.ts';

export interface VitalsOptions {
  readonly clock: Clock;
  /** Of the runs, for the words of a check. */
  readonly table: string;
  /** Aborted when the agent takes no more work. */
  readonly draining: AbortSignal;
}

interface ServiceState {
  readonly trouble?: CallTrouble;
  /** AWS's words about it. */
  readonly words?: string;
}

/** A receive that has brought nothing, not even "no message", for so long is a failure: a long poll takes 20 s. */
const RECENT_MS = 60_000;

/** Credentials that end sooner are not renewed in time any more: the SDK renews them five minutes before their end. */
const CREDENTIALS_MARGIN_MS = 60_000;

/** What the agent has noticed of itself and of AWS: nothing is asked when somebody asks for its health. */
export class AgentVitals {
  readonly #options: VitalsOptions;
  readonly #pulse: LoopPulse;
  readonly #services = new Map<string, ServiceState>();
  #credentialsUntil: number | undefined;

  constructor(options: VitalsOptions) {
    this.#options = options;
    this.#pulse = new LoopPulse(options.clock);
  }

  onRound(report: RoundReport): void {
    this.#pulse.beat(report);
  }

  onCall({ service, operation, error }: ObservedCall): void {
    if (error?.name === 'AbortError') return;
    const trouble = error && callTroubleOf(error);
    const words = error && trouble ? `${operation}: ${error.name}: ${error.message}` : '';
    this.#services.set(service, trouble === undefined ? {} : { trouble, words });
  }

  /** When the credentials end (epoch ms); undefined for those that do not. */
  onCredentials(until: number | undefined): void {
    this.#credentialsUntil = until;
  }

  /** Whether every loop still turns, failing ones included: for whoever would start the process anew. */
  live(): HealthReport {
    return healthReport(
      this.#pulse.states().map(({ loop, isLate, sinceRoundMs }) => ({
        name: `loop ${loop}`,
        ok: !isLate,
        detail: `last round ${seconds(sinceRoundMs)} ago`,
      })),
    );
  }

  /** Whether the agent can do its work now. */
  ready(): HealthReport {
    const receivers = this.#pulse.states().filter(({ loop }) => loop.startsWith('receive '));
    return healthReport([
      this.#store(),
      ...(receivers.length > 0 ? receivers.map(receiving) : [{ name: 'queue', ok: false, detail: 'not asked yet' }]),
      this.#credentials(),
      this.#notDraining(),
    ]);
  }

  #store(): HealthCheck {
    const { table } = this.#options;
    const state = this.#services.get('DynamoDB');
    if (state === undefined) return { name: 'store', ok: false, detail: `table ${table} was not asked yet` };
    const ok = state.trouble === undefined || state.trouble === 'throttled';
    return { name: 'store', ok, detail: state.words ?? `table ${table} answers` };
  }

  #credentials(): HealthCheck {
    const name = 'credentials';
    const failing = [...this.#services.values()].find(({ trouble }) => trouble === 'credentials');
    if (failing !== undefined) return { name, ok: false, detail: failing.words ?? '' };
    if (this.#credentialsUntil === undefined) return { name, ok: true, detail: 'accepted' };
    const leftMs = this.#credentialsUntil - this.#options.clock.now();
    return { name, ok: leftMs > CREDENTIALS_MARGIN_MS, detail: `valid for ${seconds(Math.max(leftMs, 0))}` };
  }

  #notDraining(): HealthCheck {
    const ok = !this.#options.draining.aborted;
    return { name: 'not draining', ok, detail: ok ? 'takes runs' : 'takes no more runs' };
  }
}

function receiving({ loop, isFailing, sinceSuccessMs, sinceRoundMs }: LoopState): HealthCheck {
  const name = `queue ${loop.slice('receive '.length)}`;
  if (sinceSuccessMs === undefined) return { name, ok: false, detail: 'never answered' };
  const ok = sinceSuccessMs < RECENT_MS;
  const failing = isFailing ? `, failing since then, last tried ${seconds(sinceRoundMs)} ago` : '';
  return { name, ok: ok && !isFailing, detail: `last receive ${seconds(sinceSuccessMs)} ago${failing}` };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
