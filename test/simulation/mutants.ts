import type { DirectedName } from './directed-scenarios.ts';
import type { Mutant } from './mutant.ts';
import {
  concludingAtOnce,
  deletingAtOnce,
  everThere,
  everTrusted,
  freshTokens,
  hostOver,
  neverPutOff,
  nothing,
  storeOver,
  takingEventsAtTheirWord,
  takingMissingForAnEnd,
  takingSilenceForAnEnd,
  withoutEpochs,
  withoutRecovery,
  withoutWriting,
} from './mutations.ts';

/** A mutant, and where it must be caught. */
export interface KnownMutant extends Mutant {
  /** What the defence is, for README.md. */
  readonly defence: string;
  readonly killedIn: DirectedName;
  /** The invariant that must break there. */
  readonly breaks: string;
  /** Only together with this second layer switched off: alone it is masked. */
  readonly togetherWith?: string;
}

const rewriting = freshTokens();

/** Each defence switched off in turn, at a seam that exists. A mutant that nothing catches is a gap of the simulation. */
export const MUTANTS: readonly KnownMutant[] = [
  {
    name: 'token',
    defence: 'the token of an attempt is the same for every send',
    rewriteRunTask: rewriting,
    killedIn: 'answers lost',
    breaks: 'I1',
  },
  {
    name: 'window',
    defence: 'a token is trusted for 30 minutes, then the task is looked up and the attempt fenced',
    wrapStore: everTrusted,
    killedIn: 'outage of two hours',
    breaks: 'I1',
  },
  {
    name: 'look-up',
    defence: 'an answer without a task counts only once no task is found',
    wrapHost: (host) => hostOver(host, { findTask: async () => undefined }),
    killedIn: 'task beside a failure',
    breaks: 'I1',
  },
  {
    name: 'epoch',
    defence: 'what is told to a repeat does not count while an earlier sending may have a task',
    wrapStore: withoutEpochs,
    killedIn: 'throttled after a broken connection',
    breaks: 'I1',
  },
  {
    name: 'epoch, refused',
    defence: 'the same, where the repeat is refused for good',
    wrapStore: withoutEpochs,
    killedIn: 'denied after a broken connection',
    breaks: 'I7',
  },
  {
    name: 'open launch',
    defence: 'an attempt stays open for its worker when ECS says that it has placed nothing',
    wrapStore: concludingAtOnce,
    killedIn: 'task beside a failure begins',
    breaks: 'I1',
  },
  {
    name: 'claim',
    defence: 'the worker claims its attempt before any user code',
    ignoresRefusals: true,
    killedIn: 'arrival after the fence',
    breaks: 'I2',
  },
  {
    name: 'claim and cancel',
    defence: 'a cancelled run cannot be claimed',
    ignoresRefusals: true,
    killedIn: 'cancel before the claim',
    breaks: 'I13',
  },
  {
    name: 'claim of a container that starts again',
    defence: "a container's second start is refused the claim of its first",
    ignoresRefusals: true,
    killedIn: 'container starts again',
    breaks: 'I2',
  },
  {
    name: 'nonce',
    defence: 'a write that was refused by itself is known by its nonce',
    togetherWith: 'recovery of launches that stand still',
    table: { hidesNonces: true },
    wrapStore: withoutRecovery,
    killedIn: 'claim answered by nobody',
    breaks: 'I4',
  },
  {
    name: 'lattice',
    defence: 'a record changes only if it is as its writer read it',
    table: { ignores: 'versions' },
    killedIn: 'two agents at once',
    breaks: 'I9',
  },
  {
    name: 'intent',
    defence: 'plan and token are on record before they are sent',
    wrapStore: (store) => withoutWriting(store, ({ status }) => status === 'LAUNCHING'),
    killedIn: 'quiet',
    breaks: 'I10',
  },
  {
    name: 'outbox',
    defence: 'a message is deleted only when its run is on record',
    wrapQueue: deletingAtOnce,
    killedIn: 'store away at the start',
    breaks: 'I4',
  },
  {
    name: 'outbox, with the store at hand',
    defence: 'the same, where nothing goes wrong',
    wrapQueue: deletingAtOnce,
    killedIn: 'quiet',
    breaks: 'I5',
  },
  {
    name: 'waiting for the store',
    defence: 'nothing is received while nothing can be recorded',
    togetherWith: 'putting off what could not be recorded',
    wrapStore: everThere,
    wrapQueue: neverPutOff,
    killedIn: 'store away for long',
    breaks: 'I4',
  },
  {
    name: 'event version',
    defence: 'an event is a hint, so its age does not matter: what counts is asked of ECS',
    wrapHost: takingEventsAtTheirWord,
    killedIn: 'events out of order',
    breaks: 'I4',
  },
  {
    name: 'grace',
    defence: 'MISSING means nothing until a task can have been forgotten',
    wrapHost: takingMissingForAnEnd,
    killedIn: 'task not visible yet',
    breaks: 'I7',
  },
  {
    name: 'static stability',
    defence: 'while ECS cannot be asked there are no verdicts',
    wrapHost: takingSilenceForAnEnd,
    killedIn: 'outage while it runs',
    breaks: 'I7',
  },
  {
    name: 'final record',
    defence: 'a worker flow has succeeded only if its worker has said so on the record',
    needsNoRecord: true,
    killedIn: 'container starts again',
    breaks: 'I6',
  },
  {
    name: 'reason before stop',
    defence: 'why a task is stopped is on record before ECS is asked',
    wrapStore: (store) => withoutWriting(store, (to) => 'stopping' in to && to.stopping !== undefined),
    killedIn: 'stuck task',
    breaks: 'I7',
  },
  {
    name: 'slots',
    defence: "a run's slots are taken in the very write that claims it",
    table: { ignores: 'limits' },
    killedIn: 'three for one slot',
    breaks: 'limit',
  },
  {
    name: 'scan',
    defence: 'agents look for runs in flight that others have left',
    wrapStore: (store) => storeOver(store, { inFlight: nothing }),
    killedIn: 'agent dies',
    breaks: 'I4',
  },
  {
    name: 'sweep',
    defence: 'agents look for queued runs that nobody offers them',
    wrapStore: (store) => storeOver(store, { queued: async () => [] }),
    killedIn: 'retry',
    breaks: 'I4',
  },
  {
    name: 'orphan stopper',
    defence: 'tasks that no live run owns are stopped',
    wrapHost: (host) => hostOver(host, { runningTasks: nothing }),
    killedIn: 'arrival after the end',
    breaks: 'I8',
  },
];
