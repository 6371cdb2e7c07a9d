import { adviceOnDenial } from '../core/access-denied.ts';
import type { Log, LogFacts } from '../service/log.ts';
import type { Terminal } from './terminal.ts';

/** The agent's log for a person: runs are told by others, trouble is told here, all else is left out. */
export function devLog(terminal: Terminal, onRun: (runId: string) => void): Log {
  const notice = (facts: LogFacts = {}): void => {
    if (facts.runId !== undefined) onRun(facts.runId);
  };
  const trouble = (event: string, facts: LogFacts = {}): void => {
    notice(facts);
    if (event.startsWith('run.')) return;
    const fix = adviceOnDenial(facts.error ?? facts.evidence ?? '');
    const told = { ...facts, ...(fix === undefined ? {} : { fix }) };
    const words = Object.entries(told).map(([name, value]) => `${name}=${String(value)}`);
    terminal.say(`${terminal.style('yellow', event)}  ${words.join('  ')}`);
  };
  return {
    debug: () => undefined,
    info: (event, facts) => {
      notice(facts);
      if (event.startsWith('config.')) terminal.say(terminal.style('dim', `${event}  ${facts?.count ?? ''}`.trimEnd()));
    },
    warn: trouble,
    error: trouble,
  };
}
