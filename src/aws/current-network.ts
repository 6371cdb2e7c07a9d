import { DescribeTasksCommand, type ECSClient, type Task } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import type { Fault } from '../core/fault.ts';
import type { NetworkReader, TaskNetwork } from '../core/network-reader.ts';
import { err, ok, type Result } from '../core/result.ts';

/** EC2, as far as it is asked. */
export interface InterfaceReader {
  /** The security groups of a network interface. */
  securityGroupsOf(networkInterfaceId: string): Promise<readonly string[]>;
}

export interface CurrentNetworkOptions {
  /** `ECS_CONTAINER_METADATA_URI_V4`, which ECS sets in every container of a task. */
  readonly metadataUri: string | undefined;
  readonly ecs: ECSClient;
  readonly interfaces: InterfaceReader;
}

const METADATA_TIMEOUT_MS = 2_000;

/** Amazon ECS Developer Guide, "task metadata endpoint version 4". */
const taskMetadata = z.object({ Cluster: z.string(), TaskARN: z.string() });

/**
 * The network of the task that we are: metadata endpoint → DescribeTasks → network interface. A task keeps its network
 * for life, so it is asked for until it is known, and never again.
 */
export class CurrentNetwork implements NetworkReader {
  readonly #options: CurrentNetworkOptions;
  #known: Promise<Result<TaskNetwork, Fault>> | undefined;

  constructor(options: CurrentNetworkOptions) {
    this.#options = options;
  }

  read(): Promise<Result<TaskNetwork, Fault>> {
    const known = this.#known ?? this.#ask();
    this.#known = known;
    // Neither an outage nor an interface that is not shown yet is the last word: the next run asks again.
    const ask = () => {
      this.#known = undefined;
    };
    known.then(({ ok }) => (ok ? undefined : ask()), ask);
    return known;
  }

  async #ask(): Promise<Result<TaskNetwork, Fault>> {
    const { metadataUri, ecs, interfaces } = this.#options;
    if (metadataUri === undefined) {
      return noNetwork('this program does not run as an ECS task', 'set ecs.network, or run the agent on ECS');
    }
    const { Cluster, TaskARN } = await readMetadata(metadataUri);
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: Cluster, tasks: [TaskARN] }));
    const [task] = tasks;
    // ECS shows a new task a moment late (API DescribeTasks): not yet is not never.
    if (task === undefined) throw new Error(`ECS does not know the task ${TaskARN} yet`);
    const { subnetId, networkInterfaceId } = interfaceOf(task);
    if (subnetId === undefined || networkInterfaceId === undefined) {
      return noNetwork(`the task ${TaskARN} has no network interface of its own`, 'set ecs.network');
    }
    return ok({ subnets: [subnetId], securityGroups: await interfaces.securityGroupsOf(networkInterfaceId) });
  }
}

async function readMetadata(uri: string): Promise<z.infer<typeof taskMetadata>> {
  const answer = await fetch(`${uri}/task`, { signal: AbortSignal.timeout(METADATA_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`the task metadata endpoint answers ${answer.status}`);
  return taskMetadata.parse(await answer.json());
}

/** API Attachment: of type `ElasticNetworkInterface`, with its facts as a list of names and values. */
function interfaceOf({ attachments = [] }: Task): {
  readonly subnetId: string | undefined;
  readonly networkInterfaceId: string | undefined;
} {
  const details = attachments.find(({ type }) => type === 'ElasticNetworkInterface')?.details ?? [];
  const detail = (wanted: string) => details.find(({ name }) => name === wanted)?.value;
  return { subnetId: detail('subnetId'), networkInterfaceId: detail('networkInterfaceId') };
}

function noNetwork(message: string, hint: string): Result<TaskNetwork, Fault> {
  return err({ message: `there is no network to inherit: ${message}`, hint });
}
