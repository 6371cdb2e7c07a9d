import { checkStory } from '../simulation/check-story.ts';
import { eventsOf, factsOf, type Violation } from '../simulation/facts.ts';
import type { Story } from '../simulation/story.ts';
import type { Cell } from './cells.ts';
import { CrashBench } from './crash-bench.ts';
import { type CellOutcome, Lane } from './lane.ts';
import { storyOfJournal, tasksOfCluster } from './story-of-journal.ts';

/** How much the witnesses have seen: of no cells and no tasks every invariant is true. */
export interface Witnessed {
  readonly runs: number;
  readonly tasks: number;
  /** Times that user code began. */
  readonly begins: number;
  /** RunTask requests, repeats included. */
  readonly launches: number;
}

export interface MatrixOutcome {
  readonly outcomes: readonly CellOutcome[];
  /** Of all invariants, in everything that local AWS has seen. */
  readonly violations: readonly Violation[];
  readonly witnessed: Witnessed;
}

export interface MatrixOptions {
  /** Cells of each number of agents that are tried at once. */
  readonly lanes: number;
  readonly onOutcome?: (outcome: CellOutcome) => void;
}

/** Tries every cell on one local AWS: agents die in all lanes at once, and everything must come to its right end. */
export async function runCells(cells: readonly Cell[], { lanes, onOutcome }: MatrixOptions): Promise<MatrixOutcome> {
  const bench = await CrashBench.open();
  const opened: Lane[] = [];
  try {
    const shares = ([1, 2] as const).flatMap((agents) => sharesOf(cells, agents, lanes));
    const tried = await Promise.all(
      shares.map(async ({ agents, share }, index) => {
        const lane = await Lane.open(bench, `lane-${index + 1}`, agents, share);
        opened.push(lane);
        return tryAll(lane, share, onOutcome);
      }),
    );
    const journal = {
      sent: opened.flatMap(({ sent }) => sent),
      calls: bench.aws.faults.recorded(),
      tasks: await tasksOfCluster(bench.ecs, 'default'),
      notes: bench.notes(),
    };
    const story = storyOfJournal(journal);
    return { outcomes: tried.flat(), violations: checkStory(story), witnessed: witnessedIn(story) };
  } finally {
    await Promise.all(opened.map((lane) => lane.close()));
    await bench.close();
  }
}

/** What a story tells of, in numbers. */
export function witnessedIn(story: Story): Witnessed {
  const { runs, tasks } = factsOf(story);
  const begins = eventsOf(story, 'exec-begin').length;
  return { runs: runs.size, tasks: tasks.size, begins, launches: eventsOf(story, 'launch-sent').length };
}

/** The cells of so many agents, dealt out to lanes: an agent that starts reads the flows of its own lane only. */
function sharesOf(cells: readonly Cell[], agents: 1 | 2, lanes: number) {
  const all = cells.filter((cell) => cell.agents === agents);
  const count = Math.min(lanes, all.length);
  return Array.from({ length: count }, (_, lane) => ({ agents, share: all.filter((_, i) => i % count === lane) }));
}

async function tryAll(
  lane: Lane,
  cells: readonly Cell[],
  tell?: (outcome: CellOutcome) => void,
): Promise<CellOutcome[]> {
  const outcomes: CellOutcome[] = [];
  for (const cell of cells) {
    const outcome = await lane.try(cell);
    tell?.(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}
