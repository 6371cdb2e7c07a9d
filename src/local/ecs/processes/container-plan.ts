import type { AccessRequest } from '../../iam/access-request.ts';
import type { TaskAccess } from '../../iam/task-access.ts';
import type { LogsSink } from '../../logs/logs-sink.ts';
import type { SecretReader } from '../../secretsmanager/secret-reader.ts';
import type { ContainerDefinition } from '../definitions/definition-shape.ts';
import type { ImageProgram } from '../ecs-options.ts';
import type { ContainerOverride } from '../launch/run-task-shape.ts';
import type { DefinitionRecord, TaskRecord } from '../state/records.ts';
import { basicEnvironment } from './env.ts';
import { type LogTarget, logTargetOf } from './log-target.ts';
import { StartRefusal } from './start-refusal.ts';

/** What it takes to start one container, as a value. */
export interface ContainerPlan {
  readonly name: string;
  readonly essential: boolean;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: LogTarget | undefined;
  readonly dependsOn: readonly { readonly containerName: string; readonly condition: string }[];
  /** Between SIGTERM and SIGKILL. */
  readonly stopTimeoutMs: number;
}

export interface PlanTools {
  readonly images: Readonly<Record<string, ImageProgram>>;
  readonly logs: LogsSink;
  readonly secrets: SecretReader;
  readonly access: TaskAccess;
  readonly region: string;
  readonly endpointUrl: () => string;
  readonly metadataUri: (runtimeId: string) => string;
  readonly workFolder: string;
}

interface TaskTools extends PlanTools {
  readonly launchType: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** AWS's words when the task's execution role may not do something. */
  readonly refusal: (request: AccessRequest) => string | undefined;
}

/** API `ContainerDefinition`, `stopTimeout`: 30 seconds when nothing is said. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/** Plans all containers of a task; throws a {@link StartRefusal} for what ECS would stop the task. */
export function planContainers(task: TaskRecord, record: DefinitionRecord, tools: PlanTools): readonly ContainerPlan[] {
  const { definition } = record;
  const { access } = tools;
  const taskRoleArn = task.overrides.taskRoleArn ?? definition.taskRoleArn;
  const executionRoleArn = task.overrides.executionRoleArn ?? definition.executionRoleArn;
  const taskTools: TaskTools = {
    ...tools,
    launchType: task.launchType,
    credentials: access.credentialsOf(taskRoleArn, task.id),
    refusal: (request) => access.refusal(executionRoleArn, task.id, request),
  };
  const logTools = { ...taskTools, taskId: task.id, logArn: access.logArn.bind(access) };
  return definition.containerDefinitions.map((container) => {
    const override = task.overrides.containerOverrides?.find(({ name }) => name === container.name);
    const runtimeId = task.containers.find(({ name }) => name === container.name)?.runtimeId ?? task.id;
    const image = tools.images[repositoryNameOf(container.image)];
    const [program = '', ...args] = argvOf(container, override, image);
    return {
      name: container.name,
      essential: container.essential,
      program,
      args,
      env: environmentOf(container, override, image, runtimeId, taskTools),
      cwd: image?.cwd ?? tools.workFolder,
      log: logTargetOf(container, logTools),
      dependsOn: container.dependsOn ?? [],
      stopTimeoutMs: (container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS) * 1000,
    };
  });
}

/** The last part of an image's repository, without tag and digest. */
export function repositoryNameOf(image: string): string {
  const [path = ''] = image.split('@');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.split(':')[0] ?? '';
}

/** An override replaces the command only; the entry point is the definition's or else the image's (API `ContainerOverride`). */
function argvOf(
  container: ContainerDefinition,
  override: ContainerOverride | undefined,
  image: ImageProgram | undefined,
): readonly string[] {
  const entryPoint = container.entryPoint?.length ? container.entryPoint : (image?.command ?? []);
  const argv = [...entryPoint, ...(override?.command ?? container.command ?? [])];
  if (argv.length > 0) return argv;
  throw new StartRefusal(
    `CannotPullContainerError: image not found: local ECS has no image '${container.image}', and container '${container.name}' says no command that could be run on this machine instead. Give it a command, or start local AWS with a program for the image '${repositoryNameOf(container.image)}'.`,
  );
}

function environmentOf(
  container: ContainerDefinition,
  override: ContainerOverride | undefined,
  image: ImageProgram | undefined,
  runtimeId: string,
  tools: TaskTools,
): Record<string, string> {
  if ((override?.environmentFiles ?? container.environmentFiles ?? []).length > 0) {
    throw new StartRefusal(
      `ResourceInitializationError: failed to download env files: local ECS does not read environmentFiles (container '${container.name}'). Use environment instead.`,
    );
  }
  return {
    ...basicEnvironment(),
    ...image?.env,
    AWS_REGION: tools.region,
    AWS_DEFAULT_REGION: tools.region,
    AWS_ENDPOINT_URL: tools.endpointUrl(),
    ...tools.credentials,
    AWS_EXECUTION_ENV: tools.launchType === 'FARGATE' ? 'AWS_ECS_FARGATE' : 'AWS_ECS_EC2',
    ...pairsOf(container.environment),
    ...pairsOf(override?.environment ?? []),
    ...secretsOf(container, tools),
    ECS_CONTAINER_METADATA_URI_V4: tools.metadataUri(runtimeId),
  };
}

function pairsOf(variables: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

function secretsOf({ secrets = [] }: ContainerDefinition, tools: TaskTools): Record<string, string> {
  return Object.fromEntries(secrets.map(({ name, valueFrom }) => [name, secretOf(valueFrom, tools)]));
}

function secretOf(valueFrom: string, { secrets, refusal }: TaskTools): string {
  const failed = `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${valueFrom} from secrets manager:`;
  // JSON key, version stage and version id follow the secret's own ARN.
  const resource = valueFrom.split(':').slice(0, 7).join(':');
  const words = refusal({ action: 'secretsmanager:GetSecretValue', resource });
  if (words !== undefined) throw new StartRefusal(`${failed} AccessDeniedException: ${words} status code: 400`);
  const value = secrets.read(valueFrom);
  if (value !== undefined) return value;
  throw new StartRefusal(`${failed} ResourceNotFoundException: Secrets Manager can't find the specified secret.`);
}
