import type { MessageCase } from './message-case.ts';
import { soundRequests } from './sound-requests.ts';
import { unfitRequests } from './unfit-requests.ts';
import { unreadableBodies } from './unreadable-bodies.ts';

/** Every body of the corpus; the file beside the golden data is made of it. */
export function messageCorpus(): readonly MessageCase[] {
  return [...unreadableBodies(), ...unfitRequests(), ...soundRequests()];
}
