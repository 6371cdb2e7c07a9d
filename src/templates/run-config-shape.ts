import { z } from 'zod';
import * as shape from './shapes.ts';

/** `runConfig` of a flow, an environment or a request (DESIGN 7.3). A null removes what lower layers said. */
export const runConfigShape = z.strictObject({
  image: shape.text.nullish(),
  command: shape.words.nullish(),
  entryPoint: shape.words.nullish(),
  env: shape.variables.nullish(),
  cpu: shape.cpuSize.nullish(),
  memory: shape.memorySize.nullish(),
  ephemeralStorage: shape.storage.nullish(),
  profile: shape.text.nullish(),
  taskRoleArn: shape.text.nullish(),
  executionRoleArn: shape.text.nullish(),
  secrets: shape.secretMap.nullish(),
  labels: z.array(shape.text).nullish(),
  tags: shape.tagMap.nullish(),
  containerName: shape.text.nullish(),
  cluster: shape.text.nullish(),
  launchType: shape.text.nullish(),
  capacityProviderStrategy: shape.list.nullish(),
  network: shape.network.nullish(),
  taskDefinition: shape.taskDefinition.nullish(),
  taskDefinitionPatch: shape.inlineMap.nullish(),
  runTaskKwargs: shape.runTaskKwargs.nullish(),
});

/** The words that `requests.allow` knows: `parameters`, and the fields of `runConfig`. */
export const ALLOW_WORDS: readonly string[] = ['parameters', ...Object.keys(runConfigShape.shape)];

/** What a request may set where the flow does not say (DESIGN 7.3). */
export const DEFAULT_ALLOW: readonly string[] = ['parameters', 'env', 'cpu', 'memory', 'profile', 'ephemeralStorage'];
