import { afterAll, beforeAll, describe, it } from 'vitest';
import { definitionCases } from './ecs-definition-cases.ts';
import { type Case, EcsFixture, type EcsServer } from './ecs-fixture.ts';
import { runTaskCases } from './ecs-run-task-cases.ts';
import { taskCases } from './ecs-task-cases.ts';
import type { Deviations } from './moto-deviations.ts';

/** What Slipway relies on in ECS, asked through the AWS SDK. A case that is listed as a deviation must fail. */
export function ecsContract(name: string, start: () => Promise<EcsServer>, deviations: Deviations = {}): void {
  describe(`ECS contract: ${name}`, () => {
    const ecs = new EcsFixture();
    const test: Case = (title, run) => (title in deviations ? it.fails : it)(title, run);
    beforeAll(() => ecs.start(start));
    afterAll(() => ecs.stop());
    definitionCases(ecs, test);
    runTaskCases(ecs, test);
    taskCases(ecs, test);
  });
}
