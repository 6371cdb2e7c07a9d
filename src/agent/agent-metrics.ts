import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ObservedCall } from '../aws/watch-calls.ts';
import { callTroubleOf } from '../core/call-trouble.ts';
import type { ChoreName } from '../core/chores.ts';
import type { PriceOverride } from '../core/fargate-price.ts';
import { type FlowRun, isFinished } from '../core/run.ts';
import { runCost } from '../core/run-cost.ts';
import type { Clock } from '../service/clock.ts';
import { runDurations } from './run-durations.ts';

export interface MetricsOptions {
  readonly clock: Clock;
  /** Whether the agent has such a flow: names that messages make up must not become labels without end. */
  readonly isFlow: (name: string) => boolean;
  /** Prices of agent.yaml, as they are now. */
  readonly prices: () => PriceOverride;
}

const SECONDS = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400];

/** Launches are counted over this time for `slipway_launch_rate`. */
const RATE_WINDOW_MS = 60_000;

/** The agent's numbers for Prometheus. No label carries a run's id: their number has to stay small. */
export class AgentMetrics {
  readonly #registry = new Registry();
  readonly #options: MetricsOptions;
  readonly #launches: number[] = [];
  #heartbeatAt: number | undefined;
  readonly #runs = this.#counter('slipway_runs_total', 'Runs that have ended', ['flow', 'status', 'code']);
  readonly #runSeconds = this.#histogram('slipway_run_seconds', "From the beginning of a run's code to its end", [
    'flow',
  ]);
  readonly #phases = this.#histogram('slipway_launch_phase_seconds', 'Phases before the code of a run begins', [
    'phase',
  ]);
  readonly #timeToStart = this.#histogram('slipway_time_to_start_seconds', 'From the request to the code of a run', []);
  readonly #late = this.#histogram(
    'slipway_schedule_late_seconds',
    "From the tick of a schedule to its run's being on record",
    ['flow'],
  );
  readonly #cost = this.#counter(
    'slipway_run_cost_usd_total',
    'About what ended runs have cost on Fargate, in dollars',
    ['flow'],
  );
  readonly #throttles = this.#counter('slipway_aws_throttles_total', 'Calls that AWS has throttled', ['api']);
  readonly #registered = this.#counter('slipway_taskdef_registered_total', 'Task definitions registered', []);
  readonly #chores = this.#counter('slipway_chores_total', 'Housekeeping that this agent has done', [
    'chore',
    'outcome',
  ]);
  readonly #depth = this.#gauge('slipway_queue_depth', 'Messages that wait in the queue', ['queue']);
  readonly #oldest = this.#gauge(
    'slipway_queue_oldest_seconds',
    'How long the longest waiting due run has been due',
    [],
  );

  constructor(options: MetricsOptions) {
    this.#options = options;
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('slipway_launch_rate', 'Tasks that ECS has accepted a second, over the last minute', [], () =>
      this.#rate(),
    );
    this.#gauge('slipway_agent_heartbeat_age_seconds', "Since the agent's last heartbeat on record", [], () =>
      this.#heartbeatAge(),
    );
  }

  /** What Prometheus reads, and its media type. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  onMove(run: FlowRun): void {
    if (run.status === 'STARTING') this.#launches.push(this.#options.clock.monotonic());
    if (!isFinished(run)) return;
    const flow = this.#flowOf(run);
    const { dollars } = runCost(run, this.#options.prices());
    if (dollars > 0) this.#cost.inc({ flow }, dollars);
    this.#runs.inc({ flow, status: run.status, code: run.reason.code });
    const { run: seconds, timeToStart, ...phases } = runDurations(run);
    if (seconds !== undefined) this.#runSeconds.observe({ flow }, seconds);
    if (timeToStart !== undefined) this.#timeToStart.observe(timeToStart);
    for (const [phase, took] of Object.entries(phases)) this.#phases.observe({ phase }, took);
  }

  /** A schedule's tick has made a run. */
  onTick(run: FlowRun, lateMs: number): void {
    this.#late.observe({ flow: this.#flowOf(run) }, Math.max(0, lateMs) / 1000);
  }

  onCall({ service, operation, error }: ObservedCall): void {
    if (error === undefined) {
      if (operation === 'RegisterTaskDefinition') this.#registered.inc();
    } else if (callTroubleOf(error) === 'throttled') {
      this.#throttles.inc({ api: `${service}.${operation}` });
    }
  }

  onQueueDepth(queue: string, messages: number): void {
    this.#depth.set({ queue }, messages);
  }

  /** Since when the longest waiting run has been due, epoch ms; undefined if none is. */
  onOldestDue(dueAt: number | undefined): void {
    this.#oldest.set(dueAt === undefined ? 0 : Math.max(0, this.#options.clock.now() - dueAt) / 1000);
  }

  onChore(chore: ChoreName, outcome: 'done' | 'failed'): void {
    this.#chores.inc({ chore, outcome });
  }

  onBeat(): void {
    this.#heartbeatAt = this.#options.clock.monotonic();
  }

  #flowOf({ request }: FlowRun): string {
    return this.#options.isFlow(request.flow) ? request.flow : 'unknown';
  }

  #rate(): number {
    const since = this.#options.clock.monotonic() - RATE_WINDOW_MS;
    while ((this.#launches[0] ?? since) < since) this.#launches.shift();
    return (this.#launches.length * 1000) / RATE_WINDOW_MS;
  }

  #heartbeatAge(): number {
    return this.#heartbeatAt === undefined ? -1 : (this.#options.clock.monotonic() - this.#heartbeatAt) / 1000;
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: SECONDS, registers: [this.#registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[], read?: () => number): Gauge<L> {
    const gauge: Gauge<L> = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      ...(read === undefined ? {} : { collect: () => gauge.set(read()) }),
    });
    return gauge;
  }
}
