import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Chore, Housekeeper } from '../../src/agent/keep-house.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoChoreBook } from '../../src/aws/dynamo-chore-book.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import type { ChoreBook, ChoreName } from '../../src/core/chores.ts';
import { type Expression, parseExpression } from '../../src/core/schedules/parse-expression.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { clockBeat } from '../../src/service/beat.ts';
import { createStop } from '../../src/service/create-stop.ts';
import type { Log } from '../../src/service/log.ts';
import { silentLog } from '../../src/service/log.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-11-20T12:00:30Z');
const never = createStop().signal;

let aws: LocalAws;
let dynamodb: ReturnType<typeof createDynamoDbClient>;
let tables = 0;
let book: ChoreBook;
let clock: ManualClock;
/** What was done, by whom. */
let done: string[];

beforeAll(async () => {
  aws = await startLocalAws({});
  dynamodb = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
});
afterAll(async () => {
  dynamodb.destroy();
  await aws.stop();
});
beforeEach(async () => {
  tables += 1;
  await dynamodb.send(new CreateTableCommand(tableSchema(`table-${tables}`)));
  book = new DynamoChoreBook(createDocumentClient(dynamodb), `table-${tables}`);
  clock = new ManualClock(NOON);
  done = [];
});

function cron(text: string): Expression {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

type ChoreOf = (by: string) => Chore;

function chore(name: ChoreName, when: string, over: Partial<Chore> = {}): ChoreOf {
  const expression = cron(when);
  return (by) => ({
    name,
    when: () => expression,
    parts: () => ['all'],
    work: async (part) => {
      done.push(`${name} ${part} by ${by}`);
      return 'so much';
    },
    ...over,
  });
}

interface Told {
  readonly log?: Log;
  readonly onChore?: (chore: ChoreName, outcome: 'done' | 'failed') => void;
}

function agent(by: string, chores: readonly ChoreOf[], told: Told = {}): Housekeeper {
  const beat = clockBeat(clock, MINUTE);
  const options = { book, beat, by, clock, log: silentLog, onTrouble: () => {}, ...told };
  return new Housekeeper({ ...options, chores: chores.map((of) => of(by)) });
}

async function rounds(...agents: readonly Housekeeper[]): Promise<void> {
  await Promise.all(agents.map((one) => one.round(never)));
  await Promise.all(agents.map((one) => one.settled()));
}

describe('housekeeping', () => {
  it('does each chore once at its beat, whichever of three agents it is', async () => {
    const chores = [chore('orphans', '*/2 * * * *'), chore('definitions', '30 3 * * *')];
    const agents = ['one', 'two', 'three'].map((name) => agent(name, chores));
    for (let minute = 0; minute < 6; minute += 1) {
      await rounds(...agents);
      clock.advance(MINUTE);
    }
    const names = done.map((line) => line.split(' ')[0]);
    expect(names.filter((name) => name === 'orphans')).toHaveLength(3);
    expect(names.filter((name) => name === 'definitions')).toHaveLength(1);
  });

  it('makes up for one beat that nobody was there for, not for all of them', async () => {
    const hourly = [chore('retention', '0 * * * *')];
    await rounds(agent('one', hourly));
    clock.advance(5 * HOUR);
    await rounds(agent('two', hourly));
    await rounds(agent('three', hourly));
    expect(done).toEqual(['retention all by one', 'retention all by two']);
  });

  it('says and counts a chore that fails, goes on with the others, and tries it again at its next beat', async () => {
    const counted: string[] = [];
    const lines: unknown[] = [];
    const log = { ...silentLog, warn: (event: string, facts?: object) => lines.push({ event, ...facts }) };
    const fails = chore('definitions', '*/10 * * * *', { work: () => Promise.reject(new Error('denied')) });
    const one = agent('one', [fails, chore('orphans', '*/10 * * * *')], {
      log,
      onChore: (name, outcome) => counted.push(`${name} ${outcome}`),
    });
    for (let minute = 0; minute < 20; minute += 1) {
      await rounds(one);
      clock.advance(MINUTE);
    }
    expect(counted.toSorted()).toEqual(['definitions failed', 'definitions failed', 'orphans done', 'orphans done']);
    expect(lines[0]).toEqual({ event: 'chore.failed', chore: 'definitions all', error: 'Error: denied' });
    const known = await book.read();
    expect(known.map(({ chore: name, outcome, words }) => [name, outcome, words])).toEqual([
      ['definitions', 'failed', 'Error: denied'],
      ['orphans', 'done', 'so much'],
    ]);
  });

  it('does a chore apart for each part, as far as an agent knows it', async () => {
    const inClusters = (...clusters: string[]) => chore('orphans', '*/2 * * * *', { parts: () => clusters });
    await rounds(agent('one', [inClusters('a', 'b')]), agent('two', [inClusters('b', 'c')]));
    expect(done.map((line) => line.split(' ')[1]).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('does not begin a chore again that is still under way here, and looks anew once it is over', async () => {
    const end: (() => void)[] = [];
    const slow = chore('orphans', '* * * * *', {
      work: () => new Promise((resolve) => end.push(() => resolve('late'))),
    });
    const one = agent('one', [slow]);
    for (let minute = 0; minute < 3; minute += 1) {
      await one.round(never);
      clock.advance(MINUTE);
    }
    expect(end).toHaveLength(1);
    end[0]?.();
    await one.settled();
    await one.round(never);
    expect(end).toHaveLength(2);
    end[1]?.();
    await one.settled();
  });

  it('leaves a chore that its agent breaks off when it stops to the next one', async () => {
    const broken = chore('retention', '0 4 * * *', {
      work: (_, stop) => new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason))),
    });
    const stop = createStop();
    const one = agent('one', [broken]);
    await one.round(stop.signal);
    stop.abort();
    await one.settled();
    await rounds(agent('two', [chore('retention', '0 4 * * *')]));
    expect(done).toEqual(['retention all by two']);
  });

  it('begins a chore although the answer was lost that it may', async () => {
    const heal = aws.faults.add({ operation: 'dynamodb.PutItem', nth: 1, fault: { kind: 'lose-response' } });
    await rounds(agent('one', [chore('orphans', '*/2 * * * *')]));
    heal();
    expect(done).toEqual(['orphans all by one']);
  });

  it('does not take a beat for done that could not be asked for', async () => {
    const away = { kind: 'error', name: 'ValidationException', message: 'no', status: 400 } as const;
    const heal = aws.faults.add({ operation: 'dynamodb.PutItem', fault: away });
    const one = agent('one', [chore('orphans', '0 * * * *')]);
    await expect(one.round(never)).rejects.toThrow('no');
    heal();
    clock.advance(MINUTE);
    await rounds(one);
    expect(done).toHaveLength(1);
  });

  it('follows what agent.yaml says at each beat', async () => {
    let expression: Expression | undefined;
    const one = agent('one', [chore('definitions', '@daily', { when: () => expression })]);
    await rounds(one);
    expect(done).toEqual([]);
    expression = cron('*/5 * * * *');
    await rounds(one);
    expect(done).toHaveLength(1);
    expression = undefined;
    clock.advance(HOUR);
    await rounds(one);
    expect(done).toHaveLength(1);
  });

  it('waits for the first beat, and ends when it is stopped', async () => {
    const stop = createStop();
    const one = agent('one', [chore('orphans', '* * * * *')]);
    const running = one.run(stop.signal);
    await Promise.resolve();
    expect(done).toEqual([]);
    clock.advance(MINUTE);
    await expect.poll(() => done.length).toBe(1);
    await expect.poll(() => clock.sleeping).toBeGreaterThan(0);
    stop.abort();
    await running;
  });
});
