import { adviceOn } from './advice.ts';
import { lifeOf } from './agent-life.ts';
import type { AgentPresence } from './fleet.ts';
import { isDue } from './is-due.ts';
import { labelsMatch } from './labels-match.ts';
import type { QueuedRun } from './run.ts';
import { type FullSlot, hasRoom } from './slots.ts';
import { startLimitOf } from './start-limit.ts';
import { type Check, cancelStep, type NextStep, seconds, type Why, type WhyFacts, wordsOf } from './why.ts';

/** A check with what to say and do if it is the first that is not met. */
interface Hurdle extends Check {
  readonly answer: string;
  readonly next: readonly NextStep[];
}

/** What stands between a queued run and its launch: every rule of the claim, in its order. */
export function whyQueued(facts: WhyFacts & { readonly run: QueuedRun }): Why {
  const { run } = facts;
  const hurdles = [
    ...ownHurdles(facts),
    ...agentHurdles(facts),
    ...facts.limits.map((limit) => limitHurdle(limit, run)),
  ];
  const first = hurdles.find(({ isMet }) => !isMet);
  return {
    status: run.status,
    checks: hurdles.map(({ isMet, what, evidence }) => ({ isMet, what, evidence })),
    answer: first?.answer ?? freeWords(facts),
    ...(run.waiting === undefined ? {} : { reason: run.waiting }),
    next: [...(first?.next ?? []), cancelStep(run.runId)],
  };
}

function ownHurdles({ run, now }: WhyFacts & { readonly run: QueuedRun }): readonly Hurdle[] {
  const limit = startLimitOf(run);
  const inMs = run.notBefore - now;
  const due: Hurdle = {
    isMet: isDue(run, now),
    what: 'its time has come',
    evidence: isDue(run, now)
      ? `due since ${isoTime(run.notBefore)}`
      : `not before ${isoTime(run.notBefore)}, in ${seconds(inMs)}`,
    answer: `It is not to be launched for another ${seconds(inMs)}${run.waiting ? `, after ${wordsOf(run.waiting)}` : ''}.`,
    next: run.waiting ? [{ step: adviceOn(run.waiting), effect: `what ${run.waiting.code} calls for` }] : [],
  };
  if (limit === undefined) return [due];
  const expired: Hurdle = {
    isMet: now < limit.at,
    what: 'it has not expired',
    evidence: `to start before ${isoTime(limit.at)}`,
    answer: 'It was to start before now: the next agent that looks at it ends it as EXPIRED.',
    next: [],
  };
  return [expired, due];
}

function agentHurdles({ run, agents, now }: WhyFacts & { readonly run: QueuedRun }): readonly Hurdle[] {
  const wanted = run.wants ?? run.request.labels;
  const live = workingOf(agents, now);
  const fitting = live.filter((agent) => labelsMatch(agent, wanted));
  const free = fitting.filter(({ inFlight, concurrentRuns }) => inFlight < concurrentRuns);
  const labels = wanted.length === 0 ? 'needs none' : `needs ${wanted.join(', ')}`;
  const flags = wanted.map((label) => ` -l ${label}`).join('');
  return [
    {
      isMet: live.length > 0,
      what: 'a live agent',
      evidence: live.length > 0 ? live.map((agent) => heardOf(agent, now)).join('; ') : goneWords(agents, now),
      answer: 'No agent is there to launch it.',
      next: [{ step: `slipway agent start${flags}`, effect: 'starts an agent that takes it' }],
    },
    {
      isMet: fitting.length > 0 || live.length === 0,
      what: 'labels',
      evidence: `${labels} · ${live.map(({ name, labels: own }) => `${name} has ${own.join(', ') || 'none'}`).join('; ') || 'no agent to ask'}`,
      answer: 'No live agent has the labels that it needs.',
      next: [{ step: `slipway agent start${flags}`, effect: 'starts an agent that has them' }],
    },
    {
      isMet: free.length > 0 || fitting.length === 0,
      what: 'room',
      evidence:
        fitting
          .map(({ name, inFlight, concurrentRuns }) => `${name} ${inFlight} of ${concurrentRuns} runs`)
          .join('; ') || 'no agent to ask',
      answer: 'Every agent that may take it has as many runs in flight as it may have.',
      next: [
        {
          step: 'limits.concurrentRuns in agent.yaml',
          effect: 'lets an agent have more runs in flight; another agent does it too',
        },
      ],
    },
  ];
}

/** By the very rule of the claim. */
function limitHurdle(slot: FullSlot, { runId }: QueuedRun): Hurdle {
  const { key, limit, holders } = slot;
  const more = holders.length > 3 ? ` and ${holders.length - 3} more` : '';
  const held = holders.length === 0 ? '' : `: ${holders.slice(0, 3).join(', ')}${more}`;
  const [first] = holders;
  const where = key.startsWith('flow/') ? "concurrency.limit in the flow's file" : 'limits.concurrency in agent.yaml';
  return {
    isMet: hasRoom(holders, slot, runId),
    what: `limit ${key}`,
    evidence: `${holders.length} of ${limit} in use${held}`,
    answer: `It starts when one of the runs under the limit ${key} ends.`,
    next: [
      { step: where, effect: 'allows more at once; counts from the next claim on' },
      ...(first === undefined ? [] : [{ step: `slipway why ${first}`, effect: 'what a holder does' }]),
    ],
  };
}

/** Nothing stands in its way. */
function freeWords({ run, agents, now }: WhyFacts): string {
  const since = now - (run.history.at(-1)?.at ?? run.requestedAt);
  const rates = workingOf(agents, now)
    .map(({ launchesPerSecond }) => launchesPerSecond)
    .filter((rate) => rate > 0);
  const rate =
    rates.length === 0 ? '' : ` Agents launch at most ${rates.join(' and ')} runs a second, the more urgent first.`;
  return `Nothing stands in its way: an agent takes it at its next look. It has been queued for ${seconds(since)}.${rate}`;
}

/** Those that take runs: who drains or has stopped is of no help. */
function workingOf(agents: readonly AgentPresence[], now: number): readonly AgentPresence[] {
  return agents.filter((agent) => lifeOf(agent, now) === 'working');
}

function heardOf({ name, at }: AgentPresence, now: number): string {
  return `${name}, heard of ${seconds(now - at)} ago`;
}

function goneWords(agents: readonly AgentPresence[], now: number): string {
  if (agents.length === 0) return 'none has said anything for a day';
  return agents.map((agent) => `${lifeOf(agent, now)}: ${heardOf(agent, now)}`).join('; ');
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
