import type { AgentPace } from '../../src/agent/agent-pace.ts';
import type { AwsPorts } from '../../src/agent/connect-aws.ts';
import { type Agent, createAgent } from '../../src/agent/create-agent.ts';
import { HOUSEKEEPING_BEAT } from '../../src/agent/create-housekeeper.ts';
import { DynamoChoreBook } from '../../src/aws/dynamo-chore-book.ts';
import { DynamoDefinitionStore } from '../../src/aws/dynamo-definition-store.ts';
import { DynamoFleetStore } from '../../src/aws/dynamo-fleet-store.ts';
import { DynamoNoticeOutbox } from '../../src/aws/dynamo-notice-outbox.ts';
import { DynamoRunArchive } from '../../src/aws/dynamo-run-archive.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { DynamoScheduleStore } from '../../src/aws/dynamo-schedule-store.ts';
import { EcsTaskHost } from '../../src/aws/ecs-task-host.ts';
import { SqsRequestQueue } from '../../src/aws/sqs-request-queue.ts';
import { TaskDefinitionShelf } from '../../src/aws/task-definition-shelf.ts';
import { type CallPace, UNPACED } from '../../src/core/call-pace.ts';
import type { TaskHost } from '../../src/core/task-host.ts';
import { clockBeat } from '../../src/service/beat.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { silentLog } from '../../src/service/log.ts';
import type { Workspace } from '../../src/templates/workspace.ts';
import { MemoryFlowCatalogue } from '../fakes/memory-flow-catalogue.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { TEST_PROCESS } from '../fakes/presence.ts';
import { Process } from './process.ts';
import type { AgentPlan } from './scenario.ts';
import { ecsClient } from './services/ecs-client.ts';
import { sqsClient } from './services/sqs-client.ts';
import { TABLE, tableClient } from './services/table-client.ts';
import { fileStoreOf, type Surroundings } from './surroundings.ts';

const DAY_MS = 86_400_000;

export interface AgentProcessOptions {
  readonly surroundings: Surroundings;
  readonly plan: AgentPlan;
  readonly workspace: Workspace;
  readonly pace: AgentPace;
  /** Between two looks whether a chore is due. */
  readonly housekeepingMs: number;
}

/** One start of an agent: what `slipway agent start` runs, over the adapters of the simulated services. */
export class AgentProcess {
  readonly process: Process;
  readonly #agent: Agent;
  readonly #stop = createStop();

  constructor({ surroundings, plan, workspace, pace, housekeepingMs }: AgentProcessOptions) {
    const { queue, seed } = surroundings;
    this.process = new Process(queue, { name: plan.name, skewMs: plan.skewMs, seed });
    const aws = portsOf(surroundings, this.process);
    const where = { aws, table: TABLE, process: TEST_PROCESS };
    const { clock } = this.process;
    // No world here has a schedule.
    const beats = (cron: string) => clockBeat(clock, cron === HOUSEKEEPING_BEAT ? housekeepingMs : DAY_MS);
    this.#agent = createAgent({ workspace, ...where, clock, beats, log: silentLog, pace });
  }

  /** Resolves when the agent has ended of itself, or after `terminate`. */
  run(): Promise<void> {
    return this.#agent.run(this.#stop);
  }

  /** SIGTERM. */
  terminate(): void {
    this.#stop.abort();
  }
}

function portsOf(surroundings: Surroundings, process: Process): AwsPorts {
  const { wire, queue, history, table, ecs, mutant } = surroundings;
  const documents = tableClient(wire, process, table);
  const ecsPort = ecsClient({ wire, queue, history, process, ecs, rewrite: mutant.rewriteRunTask });
  const hostAt = (pace: CallPace): TaskHost => {
    const host = new EcsTaskHost({ calls: ecsPort, launches: ecsPort }, pace);
    return mutant.wrapHost?.(host, surroundings.told) ?? host;
  };
  const messages = sqsClient(surroundings, process);
  return {
    host: hostAt(UNPACED),
    pacedHost: hostAt,
    files: fileStoreOf(surroundings, process),
    runs: (name) => {
      const store = new DynamoRunStore(documents, name, { pauses: process.clock });
      return mutant.wrapStore?.(store, process.clock) ?? store;
    },
    fleet: (name) => new DynamoFleetStore(documents, name),
    chores: (name) => new DynamoChoreBook(documents, name),
    archive: (name) => new DynamoRunArchive(documents, name),
    shelf: (pace) => new TaskDefinitionShelf(ecsPort, pace),
    definitions: (name) => new DynamoDefinitionStore(documents, name),
    schedules: (name) => new DynamoScheduleStore(documents, name),
    // Skewed clocks are part of the world, and nobody here tells the agent of them.
    watchClock: () => () => undefined,
    // Nothing is published in simulated worlds.
    flows: () => new MemoryFlowCatalogue(),
    queue: (url) => {
      const requests = new SqsRequestQueue(messages, url);
      return mutant.wrapQueue?.(requests) ?? requests;
    },
    get logs() {
      return notHere('logs');
    },
    locateLog: () => notHere('the place of a log'),
    // Simulated workers give no signs of life between their first word and their last: nobody is judged by silence.
    details: () => new MemoryRunDetails(),
    secrets: () => notHere('secrets'),
    notices: (name) => new DynamoNoticeOutbox(documents, name),
    publishNotice: () => notHere('SNS'),
    network: () => notHere('the network of a task'),
  };
}

function notHere(what: string): never {
  throw new Error(`nobody in a simulated world asks for ${what}`);
}
