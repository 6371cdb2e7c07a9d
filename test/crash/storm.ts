import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { FaultKind } from '../../src/local/faults.ts';
import { checkStory } from '../simulation/check-story.ts';
import { eventsOf, factsOf, type Violation } from '../simulation/facts.ts';
import { Random } from '../simulation/random.ts';
import type { Story } from '../simulation/story.ts';
import { writeConfig } from '../whole/config.ts';
import { type AgentPlace, AgentProcess } from './agent-process.ts';
import { CrashBench } from './crash-bench.ts';
import { EndedRuns } from './ended-runs.ts';
import type { SentMessage } from './lane.ts';
import { storyOfJournal, tasksOfCluster } from './story-of-journal.ts';

export interface StormOptions {
  readonly runs: number;
  readonly agents: number;
  readonly killEveryMs: number;
  /** After so many kills nobody dies any more; no end if left out. */
  readonly maxKills?: number;
  /** Of a hundred messages, how many are sent a second time. */
  readonly duplicatesPercent: number;
  /** Of a hundred calls of the agents, how many go wrong. */
  readonly faultsPercent: number;
  readonly seed: number;
  /** Runs that are sent, brought to rest and judged together: a story of more does not fit into memory. */
  readonly waveSize: number;
  /** A wave that has not come to rest after so long is stuck. */
  readonly patienceMs: number;
  readonly onWave?: (told: WaveOutcome) => void;
}

export interface WaveOutcome {
  readonly runs: number;
  /** Requests without a SUCCEEDED run. */
  readonly lost: number;
  /** Runs whose user code began more than once. */
  readonly doubled: number;
  /** Tasks that nobody will stop. */
  readonly leaked: number;
  /** Runs that have not ended. */
  readonly stuck: number;
  readonly violations: readonly Violation[];
  readonly kills: number;
  readonly faults: number;
  readonly tookMs: number;
}

const VISIBILITY_SECONDS = 4;
const LEASE_MS = 3_000;
const RESTART_AFTER_MS = 500;

/** A call can go wrong in each of these ways; they come equally often. */
const FAULTS: readonly FaultKind[] = [
  { kind: 'lose-request' },
  { kind: 'lose-response' },
  { kind: 'truncate' },
  { kind: 'delay', ms: 300 },
  { kind: 'late', ms: 2_000 },
  { kind: 'error', name: 'ThrottlingException', message: 'Rate exceeded', status: 400 },
  { kind: 'error', name: 'InternalFailure', message: 'We are sorry.', status: 500 },
];

/** Agents on one queue, in a storm of duplicates, faults and kills. */
export async function storm(options: StormOptions): Promise<readonly WaveOutcome[]> {
  const bench = await CrashBench.open();
  const weather = await Weather.begin(bench, options);
  const outcomes: WaveOutcome[] = [];
  try {
    for (let wave = 0; wave * options.waveSize < options.runs; wave += 1) {
      const count = Math.min(options.waveSize, options.runs - wave * options.waveSize);
      const outcome = await weather.wave(`storm-${wave}`, count);
      options.onWave?.(outcome);
      outcomes.push(outcome);
      bench.aws.faults.forget();
    }
    return outcomes;
  } finally {
    await weather.end();
    await bench.close();
  }
}

class Weather {
  readonly #bench: CrashBench;
  readonly #options: StormOptions;
  readonly #place: AgentPlace;
  readonly #random: Random;
  readonly #calm = new AbortController();
  readonly #agents: AgentProcess[];
  readonly #killing: Promise<void>;
  #kills = 0;
  #faults = 0;

  private constructor(bench: CrashBench, options: StormOptions, place: AgentPlace) {
    this.#bench = bench;
    this.#options = options;
    this.#place = place;
    this.#random = new Random(options.seed);
    this.#agents = Array.from({ length: options.agents }, (_, index) => this.#start(`agent-${index + 1}`));
    this.#addFaults();
    this.#killing = this.#killNowAndThen();
  }

  static async begin(bench: CrashBench, options: StormOptions): Promise<Weather> {
    await bench.createTable('storm');
    const queueUrl = await bench.createQueue('storm', VISIBILITY_SECONDS);
    const waves = Math.ceil(options.runs / options.waveSize);
    const command = JSON.stringify(bench.flows.quickWork);
    const flow = (name: string) =>
      `flow: ${name}\nversion: "1"\nrunConfig: { image: busybox, command: [sh, -c, ${command}] }\n`;
    const flows = Array.from({ length: waves }, (_, wave) => [`flows/storm-${wave}.yaml`, flow(`storm-${wave}`)]);
    const configRef = writeConfig({ ...TEMPLATES, ...Object.fromEntries(flows) });
    const pace = { soonestMs: 500, latestMs: 2_000, scanMs: 2_000 };
    return new Weather(bench, options, { configRef, queueUrl, table: 'storm', leaseMs: LEASE_MS, pace });
  }

  async end(): Promise<void> {
    this.#calm.abort();
    await this.#killing;
    await Promise.all(this.#agents.map((agent) => agent.kill()));
  }

  async wave(flow: string, count: number): Promise<WaveOutcome> {
    const began = performance.now();
    const [killsBefore, faultsBefore] = [this.#kills, this.#faults];
    const sent = await this.#send(flow, count);
    const stuck = await this.#rest(count);
    const { aws, ecs } = this.#bench;
    const notes = this.#bench.notes().filter((note) => note.includes(` ${flow}-`));
    const tasks = await tasksOfCluster(ecs, 'default', `slipway-${flow}`);
    const story = storyOfJournal({ sent, calls: aws.faults.recorded(), tasks, notes });
    return {
      runs: count,
      ...damageIn(story, count),
      stuck,
      violations: checkStory(story),
      kills: this.#kills - killsBefore,
      faults: this.#faults - faultsBefore,
      tookMs: Math.round(performance.now() - began),
    };
  }

  /** Ten messages to a call; some of them twice, as a producer does that has not heard the answer. */
  async #send(flow: string, count: number): Promise<readonly SentMessage[]> {
    const bodies = Array.from({ length: count }, (_, index) => {
      const body = JSON.stringify({ flow, runId: `${flow}-${index}` });
      return this.#random.chance(this.#options.duplicatesPercent / 100) ? [body, body] : [body];
    }).flat();
    const sent: SentMessage[] = [];
    for (let from = 0; from < bodies.length; from += 10) {
      const Entries = bodies.slice(from, from + 10).map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Successful = [] } = await this.#bench.sqs.send(
        new SendMessageBatchCommand({ QueueUrl: this.#place.queueUrl, Entries }),
      );
      sent.push(
        ...Successful.map(({ Id, MessageId = '' }) => ({
          messageId: MessageId,
          body: Entries[Number(Id)]?.MessageBody ?? '',
        })),
      );
    }
    return sent;
  }

  /** Waits until all have ended, the queue is empty and no task runs; resolves to the number of runs that have not ended. */
  async #rest(count: number): Promise<number> {
    const deadline = performance.now() + this.#options.patienceMs;
    const ended = new EndedRuns(this.#bench.aws.faults);
    while (performance.now() < deadline) {
      if (ended.count() >= count && (await this.#depth()) === 0) return 0;
      await sleep(200);
    }
    return count - ended.count();
  }

  async #depth(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.#bench.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#place.queueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  #start(name: string): AgentProcess {
    return new AgentProcess(this.#bench, name, this.#place);
  }

  #addFaults(): void {
    const chance = this.#options.faultsPercent / 100 / FAULTS.length;
    for (const [index, fault] of FAULTS.entries()) {
      // Those before have not struck, so that what is left of chance grows.
      const ofTheRest = chance / (1 - index * chance);
      this.#bench.aws.faults.add({
        operation: '*',
        matching: ({ caller }) => caller.startsWith('AGENT') && this.#strikes(ofTheRest),
        fault,
      });
    }
  }

  #strikes(chance: number): boolean {
    const strikes = this.#random.chance(chance);
    if (strikes) this.#faults += 1;
    return strikes;
  }

  async #killNowAndThen(): Promise<void> {
    const { killEveryMs, maxKills = Number.POSITIVE_INFINITY } = this.#options;
    while ((await this.#pause(killEveryMs)) && this.#kills < maxKills) {
      const index = this.#kills % this.#agents.length;
      const victim = this.#agents[index];
      if (victim === undefined) return;
      await victim.kill();
      this.#kills += 1;
      if (!(await this.#pause(RESTART_AFTER_MS))) return;
      this.#agents[index] = this.#start(victim.name);
    }
  }

  /** Whether the storm goes on after it. */
  async #pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#calm.signal }).catch(() => undefined);
    return !this.#calm.signal.aborted;
  }
}

const TEMPLATES = { 'task-definition.yaml': 'networkMode: awsvpc\ncontainerDefinitions: [{ name: flow }]\n' };

function damageIn(story: Story, count: number): Pick<WaveOutcome, 'lost' | 'doubled' | 'leaked'> {
  const { runs } = factsOf(story);
  const succeeded = [...runs.values()].filter(({ last }) => last.status === 'SUCCEEDED').length;
  const begins = new Map<string, number>();
  for (const { startedBy } of eventsOf(story, 'exec-begin')) begins.set(startedBy, (begins.get(startedBy) ?? 0) + 1);
  const doubled = [...begins.values()].filter((times) => times > 1).length;
  return { lost: count - succeeded, doubled, leaked: story.tasksLeft.length };
}
