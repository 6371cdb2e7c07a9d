import { isIPv4 } from 'node:net';
import { createDynamoDb } from './dynamodb/create-dynamodb.ts';
import { createEcs, type EcsService } from './ecs/create-ecs.ts';
import type { EcsFaults } from './ecs/ecs-faults.ts';
import type { EcsOptions, EcsSettings, ImageProgram } from './ecs/ecs-options.ts';
import { Faults } from './faults.ts';
import { Front } from './front.ts';
import { AccessGate, type AccessSettings, type JudgedAccess } from './iam/access-gate.ts';
import { createSts } from './iam/sts.ts';
import { TaskAccess } from './iam/task-access.ts';
import { createLogs } from './logs/create-logs.ts';
import { type AnyService, Routes } from './routes.ts';
import { createS3 } from './s3/create-s3.ts';
import { createSecretsManager } from './secretsmanager/create-secretsmanager.ts';
import type { LocalClock } from './service.ts';
import { createSns } from './sns/create-sns.ts';
import { createSqs } from './sqs/create-sqs.ts';
import { lockState } from './state-lock.ts';
import { systemClock } from './system-clock.ts';

export interface LocalAwsOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** A loopback address; `127.0.0.1` by default. */
  readonly host?: string;
  /** Where state outlives the process; undefined keeps everything in memory. */
  readonly stateDir?: string;
  readonly clock?: LocalClock;
  readonly region?: string;
  readonly accountId?: string;
  /** Container images that are programs of this machine, by the last part of the repository. */
  readonly images?: Readonly<Record<string, ImageProgram>>;
  /** How local ECS behaves. */
  readonly ecs?: EcsSettings;
  /** Who may do what; everybody everything if left out. */
  readonly access?: AccessSettings;
}

export interface LocalAws {
  /** The endpoint for all services: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** What goes wrong between a client and any service. */
  readonly faults: Faults;
  /** What goes wrong with tasks. */
  readonly ecsFaults: EcsFaults;
  /** What callers with limited permissions have asked for so far, and what came of it; each once. */
  judged(): readonly JudgedAccess[];
  /** Ends everything that was started, tasks included, and gives the state directory back. Safe to call twice. */
  stop(): Promise<void>;
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Starts local AWS: one server, all services.
 *
 * ```
 *                           ┌ X-Amz-Target ─> sqs, logs, secretsmanager, dynamodb, ecs
 * client ─> front ─> faults ─┼ form ─────────> sns, sts    (each call passes the gate of iam before it is executed)
 *                           └ else ─────────> s3
 * ```
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const host = checkedHost(options.host ?? '127.0.0.1');
  const { stateDir, clock = systemClock } = options;
  const unlock = stateDir === undefined ? () => undefined : lockState(stateDir);
  const faults = new Faults();
  const { region = 'us-east-1', accountId = '000000000000' } = options;
  const access = new AccessGate(options.access, { region, accountId }, clock);
  const front = new Front({ faults, clock, access });
  const services: LocalServices = [];
  const stop = once(async () => {
    front.refuse();
    for (const service of services.toReversed()) await service.close();
    await front.close();
    unlock();
  });
  try {
    const port = await front.listen(host, options.port ?? 0);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const { images = {}, ecs: settings = {} } = options;
    const common = { stateDir, clock, region, accountId };
    const ecs = addServices(services, common, { images, settings, access, endpointUrl: () => url });
    front.serve(new Routes({ services, accountId }));
    return { url, port, faults, ecsFaults: ecs.faults, judged: () => access.judged(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type LocalServices = AnyService[];

type TaskOptions = Pick<EcsOptions, 'images' | 'settings' | 'endpointUrl'> & { readonly access: AccessGate };

interface ServiceOptions {
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Adds them one by one, so that those which were made are closed when the next one cannot be. ECS comes last: its tasks
 * write logs, send events and read secrets.
 */
function addServices(services: LocalServices, options: ServiceOptions, forTasks: TaskOptions): EcsService {
  const sqs = createSqs(options);
  services.push(sqs);
  const logs = createLogs(options);
  services.push(logs);
  const secrets = createSecretsManager(options);
  const dynamodb = createDynamoDb(options);
  services.push(secrets, dynamodb);
  services.push(createS3(options), createSns({ ...options, queues: sqs.sink }));
  services.push(createSts({ access: forTasks.access, clock: options.clock }));
  const access = new TaskAccess(forTasks.access);
  const sinks = { logs: logs.sink, queues: sqs.sink, secrets: secrets.reader };
  const ecs = createEcs({ ...options, ...forTasks, ...sinks, access });
  services.push(ecs);
  forTasks.access.learn({ partitionKeyOf: dynamodb.partitionKeyOf, definitionNamed: ecs.definitionNamed });
  return ecs;
}

function checkedHost(host: string): string {
  if (LOOPBACK_HOSTS.has(host) || (isIPv4(host) && host.startsWith('127.'))) return host;
  throw new Error(
    `local AWS listens on the loopback interface only, not on ${host}: whoever reaches it can run programs here. Use 127.0.0.1.`,
  );
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
