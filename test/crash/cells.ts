import type { CrashCallName } from './crash-calls.ts';
import { type CrashScenario, SCENARIOS, type ScenarioName } from './scenarios.ts';

/**
 * Where an agent dies, seen from AWS. `before`: nothing of the call is ever executed. `sent`: it is executed when its
 * sender is dead and others work already. `executed`: its answer reaches nobody. `answered`: its answer is the last thing
 * that the agent gets; nothing that it says after that is heard.
 */
export const MOMENTS = ['before', 'sent', 'executed', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

/** One death. */
export interface Cell {
  /** Also the run's id and the flow's name: `plain-3-sent-2` is the third call of a plain run's life, with two agents. */
  readonly id: string;
  readonly scenario: ScenarioName;
  readonly call: CrashCallName;
  readonly moment: Moment;
  /** With 1, it is started again under its name; with 2, the other one carries on. */
  readonly agents: 1 | 2;
}

/** What a worker's run has beyond a plain one's, and where its worker may meet the death. */
const OF_WORKERS: ReadonlySet<CrashCallName> = new Set([
  'put the artifact',
  'launch',
  'record',
  'observe',
  'settle as SUCCEEDED',
]);

const OF_TELLING: ReadonlySet<CrashCallName> = new Set(['tell', 'note who was told']);

/**
 * Deaths for every day: of a plain container with one agent and with two, of a run that is cancelled, of a worker's, and
 * while somebody is told of an end.
 */
export function everyDayCells(): readonly Cell[] {
  const ofWorkers = cellsOf('worker', [1]).filter(({ call }) => OF_WORKERS.has(call));
  const ofTelling = cellsOf('told', [1]).filter(({ call }) => OF_TELLING.has(call));
  return [...cellsOf('plain', [1, 2]), ...cellsOf('cancel', [1]), ...ofWorkers, ...ofTelling];
}

export function allCells(): readonly Cell[] {
  return scenarioNames().flatMap((name) => cellsOf(name, [1, 2]));
}

function cellsOf(scenario: ScenarioName, agents: readonly (1 | 2)[]): Cell[] {
  const { calls }: CrashScenario = SCENARIOS[scenario];
  return calls.flatMap((call, index) =>
    MOMENTS.flatMap((moment) =>
      agents.map((count) => {
        const id = `${scenario.replaceAll(' ', '-')}-${index + 1}-${moment}-${count}`;
        return { id, scenario, call, moment, agents: count };
      }),
    ),
  );
}

function scenarioNames(): readonly ScenarioName[] {
  return Object.keys(SCENARIOS).filter((name): name is ScenarioName => Object.hasOwn(SCENARIOS, name));
}
