import { CreateClusterCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3ArtifactPublisher } from '../../src/agent/artifact-publisher.ts';
import { workspacePlanner } from '../../src/agent/workspace-planner.ts';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { EcsTaskHost } from '../../src/aws/ecs-task-host.ts';
import { agentSettings } from '../../src/cli/agent-settings.ts';
import { readEnv } from '../../src/cli/env.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { formatFault } from '../../src/core/fault.ts';
import type { Json, JsonMap } from '../../src/core/json.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { ok } from '../../src/core/result.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { DefinitionRegistry } from '../../src/runs/definition-registry.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import type { ExplainedField } from '../../src/templates/explain.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryDefinitionStore } from '../fakes/memory-definition-store.ts';
import { nothingPublished } from '../fakes/nothing-published.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';
import { leavesOf, misattribution } from './attribution.ts';
import { LAUNCH_NAMES, type LaunchFixture, openFixture } from './launch-fixture.ts';

const A_DAY_MS = 86_400_000;

let aws: LocalAws;
let ecs: ECSClient;

beforeAll(async () => {
  aws = await startLocalAws({ ecs: { delays: { provisioningMs: A_DAY_MS } } });
  aws.faults.record();
  ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url });
  for (const clusterName of ['main', 'default', 'prod', 'by-flag', 'by-variable']) {
    await ecs.send(new CreateClusterCommand({ clusterName }));
  }
});
afterAll(async () => {
  ecs.destroy();
  await aws.stop();
});

interface Rendered {
  readonly registerTaskDefinition: JsonMap | null;
  readonly taskDefinitionArn: string | null;
  readonly runTask: JsonMap;
}

/** Runs `render` or `explain` on the fixture and reads what it prints as JSON. */
async function printed(command: string, fixture: LaunchFixture): Promise<Json> {
  const flags = Object.entries(fixture.flags).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  const environment = fixture.environment === undefined ? [] : ['--environment', fixture.environment];
  const argv = [command, fixture.flow, '--config', fixture.configRef, '--request', '-', '-o', 'json'];
  const { exitCode, stdout, stderr } = await runInProcess([...argv, ...environment, ...flags], {
    env: readEnv(fixture.variables),
    stdin: (async function* () {
      yield JSON.stringify(fixture.request);
    })(),
  });
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** Launches the fixture as an agent does; what it said to ECS. */
async function sent(fixture: LaunchFixture): Promise<{ definition: Json | undefined; runTask: JsonMap }> {
  const { configRef, flags, variables, flow, environment, request } = fixture;
  const settings = agentSettings(flags, readEnv(variables));
  const workspace = await loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  const body = { flow, ...request, ...(environment === undefined ? {} : { environment }) };
  const parsed = parseRunRequest(JSON.stringify(body));
  if (!parsed.ok) throw new Error(parsed.error.map(formatFault).join('\n'));
  const run = queuedRun({ runId: parsed.value.request.runId ?? 'preview', request: parsed.value.request });
  const { deps, store, files, clock } = memoryDeps();
  const host = new EcsTaskHost({ calls: ecs, launches: ecs });
  const planner = workspacePlanner({
    files,
    workspace: () => workspace.value,
    flows: nothingPublished(),
    artifacts: new S3ArtifactPublisher(files, new ManualClock()),
    surroundings: { find: async () => ok({}) },
  });
  const definitions = new DefinitionRegistry({
    definitions: new MemoryDefinitionStore(),
    host,
    now: () => clock.now(),
  });
  await store.accept(run);
  const before = aws.faults.recorded().length;
  await launchRun({ ...deps, host, planner, definitions }, run, stop);
  const calls = aws.faults.recorded().slice(before);
  const inputOf = (operation: string) => calls.find((call) => call.operation === operation)?.input as JsonMap;
  return { definition: inputOf('ecs.RegisterTaskDefinition'), runTask: inputOf('ecs.RunTask') };
}

describe('a launch', () => {
  it('is there in thirty kinds and more', () => {
    expect(LAUNCH_NAMES.length).toBeGreaterThanOrEqual(30);
  });

  it.each(LAUNCH_NAMES)(
    'of %s is sent as it is rendered, and every leaf is attributed to who says it',
    async (name) => {
      const fixture = openFixture(name);
      try {
        const rendered = (await printed('render', fixture)) as unknown as Rendered;
        const { definition, runTask } = await sent(fixture);
        const { taskDefinition, ...request } = runTask;
        expect(canonicalJson(definition ?? null)).toBe(canonicalJson(rendered.registerTaskDefinition));
        if (rendered.registerTaskDefinition !== null) {
          expect(taskDefinition).toMatch(new RegExp(`/${rendered.registerTaskDefinition.family}:\\d+$`));
          expect(canonicalJson(request)).toBe(canonicalJson(rendered.runTask));
        } else {
          expect(taskDefinition).toBe(rendered.taskDefinitionArn);
          expect(canonicalJson(runTask)).toBe(canonicalJson(rendered.runTask));
        }
        const { fields } = (await printed('explain', fixture)) as unknown as { fields: readonly ExplainedField[] };
        const rows = new Map(fields.map((field) => [field.field, field]));
        expect(rows.size, 'one row for each field').toBe(fields.length);
        const { placementConstraints, ...others } = rendered.runTask;
        const constraints = placementConstraints === undefined ? {} : { placementConstraints };
        const leaves = [
          ...leavesOf(rendered.registerTaskDefinition ?? {}),
          ...leavesOf(others),
          // Both requests have a field of this name.
          ...leavesOf(constraints, ['runTask']),
        ];
        expect(leaves.length).toBeGreaterThan(5);
        expect(leaves.flatMap((leaf) => misattribution(leaf, rows, fixture) ?? [])).toEqual([]);
      } finally {
        fixture.remove();
      }
    },
  );
});
