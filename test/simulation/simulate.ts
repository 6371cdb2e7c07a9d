/**
 * Runs seeds of the simulation, on all cores:
 *
 *   npm run simulate -- --seeds 100000 [--from 1] [--jobs 2]  and, if one fails, the first of them shrunk
 *   npm run simulate -- --seed 4711 [--trace] [--whole]      one seed, shrunk unless --whole; --trace prints its history
 *   npm run simulate -- --seeds 500 --mutant window          with a defence switched off
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { checkStory } from './check-story.ts';
import { MUTANTS } from './mutants.ts';
import { printHistory, printViolations } from './print-history.ts';
import { randomScenario } from './random-scenario.ts';
import { runSeed, type SeedResult } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { Tally } from './tally.ts';
import { simulate } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    mutant: { type: 'string' },
    trace: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
  },
});

const mutant = mutantNamed(values.mutant);
if (process.send) await work(Number(values.from), Number(values.seeds), Number(values.jobs));
else if (values.seed !== undefined) process.exitCode = await showSeed(Number(values.seed));
else process.exitCode = await runSeeds(Number(values.from), Number(values.seeds), Number(values.jobs));

function mutantNamed(name: string | undefined) {
  const found = MUTANTS.find((known) => known.name === name);
  if (name === undefined || found) return found;
  throw new Error(`there is no mutant "${name}"; there are ${MUTANTS.map((known) => known.name).join(', ')}`);
}

/** In a child: every `step`-th seed, told to the parent as it is done. */
async function work(from: number, count: number, step: number): Promise<void> {
  for (let seed = from; seed < from + count; seed += step) process.send?.(await runSeed(seed, mutant));
  process.disconnect();
}

async function runSeeds(from: number, count: number, jobs: number): Promise<number> {
  const tally = new Tally(count);
  const children = Array.from({ length: jobs }, (_, job) => {
    const seeds = ['--from', String(from + job), '--seeds', String(count - job), '--jobs', String(jobs)];
    return fork(import.meta.filename, [...seeds, ...(values.mutant === undefined ? [] : ['--mutant', values.mutant])]);
  });
  await Promise.all(children.map((child) => listen(child, (result) => tally.add(result))));
  tally.print();
  const [first] = tally.failing.toSorted((a, b) => a - b);
  if (first !== undefined) await showSeed(first);
  return tally.done === count && tally.failing.length === 0 ? 0 : 1;
}

function listen(child: ChildProcess, onResult: (result: SeedResult) => void): Promise<void> {
  child.on('message', (message) => onResult(message as SeedResult));
  return new Promise((resolve) => child.on('exit', () => resolve()));
}

async function showSeed(seed: number): Promise<number> {
  const whole = randomScenario(seed);
  const found = checkStory(await simulate(whole, mutant));
  const [first] = found;
  const scenario = first === undefined || values.whole ? whole : await shrink(whole, first, mutant);
  const story = await simulate(scenario, mutant);
  process.stdout.write(`${JSON.stringify(scenario)}\n`);
  if (values.trace) process.stdout.write(printHistory(story.events));
  const violations = checkStory(story);
  process.stdout.write(violations.length === 0 ? `seed ${seed}: everything holds\n` : printViolations(violations));
  return violations.length === 0 ? 0 : 1;
}
