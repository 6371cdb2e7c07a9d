import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSourceReader } from '../src/templates/read-file-source.ts';
import { loadWorkspace, type Workspace } from '../src/templates/workspace.ts';
import { type Figure, percentile } from './figure.ts';

const FLOWS = 1_000;
const RELOADS = 15;

const AGENT = `table: slipway
bucket: s3://slipway
ecs:
  cluster: default
  taskDefinition: ./task-definition.yaml
  network: { subnets: [subnet-a] }
`;
const TEMPLATE = 'networkMode: awsvpc\ncontainerDefinitions: [{ name: flow, image: "etl:1" }]\n';

/** A flow of the usual size: a schema, a run config of ten keys, a schedule. */
function flowText(index: number, version: string): string {
  return `flow: flow-${index}
version: "${version}"
description: One of a thousand.
parameters:
  type: object
  additionalProperties: false
  properties:
    day: { type: string, format: date, default: "2026-01-01" }
    full: { type: boolean, default: false }
    size: { type: integer, minimum: 1, maximum: 100, default: 10 }
runConfig:
  image: registry.example.com/flow-${index}:${version}
  command: [node, main.js, --index, "${index}"]
  cpu: 1 vCPU
  memory: 4 GB
  env: { LEVEL: info, INDEX: "${index}", DAY: "{{ parameters.day }}" }
  taskRoleArn: arn:aws:iam::123456789012:role/flow-${index}
  tags: { team: data, flow: flow-${index} }
  labels: []
requests: { allow: [parameters, env, profile] }
retries: { FAILED: { max: 1, delay: 5m } }
timeouts: { run: 2h }
schedules:
  - cron: "0 2 * * *"
    timezone: America/New_York
`;
}

/** A configuration of a thousand flows: read whole, then again after one file has changed. */
export async function measureLoading(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  try {
    await writeConfig(folder);
    const began = performance.now();
    const loaded = await loadWorkspace({
      configRef: join(folder, 'agent.yaml'),
      settings: {},
      reader: fileSourceReader,
      hostName: 'bench',
    });
    const seconds = (performance.now() - began) / 1000;
    if (!loaded.ok || loaded.value.flows.size !== FLOWS) throw new Error('the configuration of the bench is bad');
    return [
      { name: `loading ${FLOWS} flow files`, value: seconds, unit: 's', aim: '≤ 2' },
      {
        name: 'reload of one changed file of them, p50',
        value: percentile(await reloads(folder, loaded.value), 0.5),
        unit: 'ms',
        aim: '≤ 50',
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeConfig(folder: string): Promise<void> {
  await mkdir(join(folder, 'flows'));
  await writeFile(join(folder, 'agent.yaml'), AGENT);
  await writeFile(join(folder, 'task-definition.yaml'), TEMPLATE);
  for (let i = 0; i < FLOWS; i += 1) await writeFile(join(folder, `flows/flow-${i}.yaml`), flowText(i, '1'));
}

/** Milliseconds of each reload. */
async function reloads(folder: string, first: Workspace): Promise<readonly number[]> {
  const times: number[] = [];
  let workspace = first;
  for (let i = 0; i < RELOADS; i += 1) {
    await writeFile(join(folder, `flows/flow-${i}.yaml`), flowText(i, `2.${i}`));
    const began = performance.now();
    const next = await workspace.reload();
    times.push(performance.now() - began);
    if (!next.ok || next.value.flows.get(`flow-${i}`)?.version !== `2.${i}`) throw new Error('the reload was not seen');
    workspace = next.value;
  }
  return times;
}
