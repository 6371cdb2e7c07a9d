import { setMaxListeners } from 'node:events';

/** A controller whose signal any number of calls may listen to at once: each of hundreds of requests in flight does. */
export function createStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}
