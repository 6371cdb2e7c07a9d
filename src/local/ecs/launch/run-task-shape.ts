import { z } from 'zod';
import { tagShape } from '../tags/tag-shape.ts';

const containerOverride = z.object({
  name: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.array(z.object({ name: z.string().default(''), value: z.string().default('') })).optional(),
  environmentFiles: z.array(z.unknown()).optional(),
  cpu: z.number().int().optional(),
  memory: z.number().int().optional(),
  memoryReservation: z.number().int().optional(),
  resourceRequirements: z.array(z.unknown()).optional(),
});

/** API `TaskOverride`. */
export const taskOverrideShape = z.object({
  containerOverrides: z.array(containerOverride).optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  inferenceAcceleratorOverrides: z.array(z.unknown()).optional(),
  executionRoleArn: z.string().optional(),
  taskRoleArn: z.string().optional(),
  ephemeralStorage: z.object({ sizeInGiB: z.number() }).optional(),
});

export type TaskOverride = z.infer<typeof taskOverrideShape>;
export type ContainerOverride = z.infer<typeof containerOverride>;

export const strategyItemShape = z.object({
  capacityProvider: z.string(),
  weight: z.number().int().default(0),
  base: z.number().int().default(0),
});

/** API `RunTaskRequest`. */
export const runTaskShape = z.object({
  taskDefinition: z.string().default(''),
  cluster: z.string().optional(),
  clientToken: z.string().optional(),
  count: z.number().int().default(1),
  startedBy: z.string().optional(),
  group: z.string().optional(),
  launchType: z.string().optional(),
  capacityProviderStrategy: z.array(strategyItemShape).optional(),
  platformVersion: z.string().optional(),
  networkConfiguration: z
    .object({
      awsvpcConfiguration: z
        .object({
          subnets: z.array(z.string()).default([]),
          securityGroups: z.array(z.string()).default([]),
          assignPublicIp: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  overrides: taskOverrideShape.default({}),
  tags: z.array(tagShape).default([]),
  propagateTags: z.string().optional(),
  enableECSManagedTags: z.boolean().default(false),
  enableExecuteCommand: z.boolean().default(false),
  placementConstraints: z.array(z.unknown()).default([]),
  placementStrategy: z.array(z.unknown()).default([]),
  volumeConfigurations: z.array(z.unknown()).default([]),
  referenceId: z.string().optional(),
});

export type RunTaskInput = z.infer<typeof runTaskShape>;
