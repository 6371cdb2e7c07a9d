import { z } from 'zod';
import { tagShape } from '../tags/tag-shape.ts';

const strings = z.array(z.string());
const anything = z.unknown().optional();
const nameAndValue = z.object({ name: z.string().default(''), value: z.string().default('') });
const secret = z.object({ name: z.string().default(''), valueFrom: z.string().default('') });

const portMapping = z.object({
  containerPort: z.number().int().optional(),
  hostPort: z.number().int().optional(),
  protocol: z.string().optional(),
  name: z.string().optional(),
  appProtocol: z.string().optional(),
  containerPortRange: z.string().optional(),
});

const linuxParameters = z.object({
  capabilities: z.object({ add: strings.optional(), drop: strings.optional() }).optional(),
  devices: z.array(z.unknown()).optional(),
  initProcessEnabled: z.boolean().optional(),
  sharedMemorySize: z.number().optional(),
  tmpfs: z.array(z.unknown()).optional(),
  maxSwap: z.number().optional(),
  swappiness: z.number().optional(),
});

const volume = z.object({
  name: z.string().optional(),
  host: z.object({ sourcePath: z.string().optional() }).optional(),
  dockerVolumeConfiguration: anything,
  efsVolumeConfiguration: anything,
  fsxWindowsFileServerVolumeConfiguration: anything,
  s3filesVolumeConfiguration: anything,
  configuredAtLaunch: z.boolean().optional(),
});

/** API `ContainerDefinition`; members that local ECS does not look at are carried along as they are. */
export const containerDefinitionShape = z.object({
  name: z.string().default(''),
  image: z.string().default(''),
  repositoryCredentials: anything,
  cpu: z.number().int().default(0),
  memory: z.number().int().optional(),
  memoryReservation: z.number().int().optional(),
  links: strings.optional(),
  portMappings: z.array(portMapping).default([]),
  essential: z.boolean().default(true),
  restartPolicy: anything,
  entryPoint: strings.optional(),
  command: strings.optional(),
  environment: z.array(nameAndValue).default([]),
  environmentFiles: z.array(z.unknown()).optional(),
  mountPoints: z.array(z.unknown()).default([]),
  volumesFrom: z.array(z.unknown()).default([]),
  linuxParameters: linuxParameters.optional(),
  secrets: z.array(secret).optional(),
  dependsOn: z.array(z.object({ containerName: z.string().default(''), condition: z.string().default('') })).optional(),
  startTimeout: z.number().int().optional(),
  stopTimeout: z.number().int().optional(),
  versionConsistency: z.string().optional(),
  hostname: z.string().optional(),
  user: z.string().optional(),
  workingDirectory: z.string().optional(),
  disableNetworking: z.boolean().optional(),
  privileged: z.boolean().optional(),
  readonlyRootFilesystem: z.boolean().optional(),
  dnsServers: strings.optional(),
  dnsSearchDomains: strings.optional(),
  extraHosts: z.array(z.unknown()).optional(),
  dockerSecurityOptions: strings.optional(),
  interactive: z.boolean().optional(),
  pseudoTerminal: z.boolean().optional(),
  dockerLabels: z.record(z.string(), z.string()).optional(),
  ulimits: z.array(z.unknown()).optional(),
  logConfiguration: z
    .object({
      logDriver: z.string().default(''),
      options: z.record(z.string(), z.string()).optional(),
      secretOptions: z.array(secret).optional(),
    })
    .optional(),
  healthCheck: anything,
  systemControls: z.array(z.unknown()).default([]),
  resourceRequirements: z.array(z.object({ type: z.string().optional(), value: z.string().optional() })).optional(),
  firelensConfiguration: anything,
  credentialSpecs: strings.optional(),
});

export type ContainerDefinition = z.infer<typeof containerDefinitionShape>;

/** The part of `RegisterTaskDefinition`'s input that is the definition. */
export const taskDefinitionShape = z.object({
  family: z.string().default(''),
  taskRoleArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
  networkMode: z.string().optional(),
  containerDefinitions: z.array(containerDefinitionShape).default([]),
  volumes: z.array(volume).default([]),
  placementConstraints: z.array(z.unknown()).default([]),
  requiresCompatibilities: strings.optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  pidMode: z.string().optional(),
  ipcMode: z.string().optional(),
  proxyConfiguration: anything,
  inferenceAccelerators: z.array(z.unknown()).optional(),
  ephemeralStorage: z.object({ sizeInGiB: z.number() }).optional(),
  runtimePlatform: z
    .object({ cpuArchitecture: z.string().optional(), operatingSystemFamily: z.string().optional() })
    .optional(),
  enableFaultInjection: z.boolean().optional(),
});

export type TaskDefinition = z.infer<typeof taskDefinitionShape>;

export const registerTaskDefinitionShape = taskDefinitionShape.extend({ tags: z.array(tagShape).default([]) });
