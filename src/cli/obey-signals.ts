import type { Agent } from '../agent/create-agent.ts';
import { describeError, type LeveledLog } from '../service/log.ts';
import type { SignalSource } from '../service/stop-on-signals.ts';

/**
 * SIGHUP reads the configuration again; SIGUSR2 turns debug lines on, and off again. (SIGUSR1 is Node's own: it opens the
 * inspector.) Call what it returns to stop listening.
 */
export function obeySignals(source: SignalSource, agent: Agent, log: LeveledLog): () => void {
  const usual = log.level;
  const onHangUp = (): void => {
    log.info('agent.reloading', { signal: 'SIGHUP' });
    agent.reload().catch((error: unknown) => log.error('config.rejected', { error: describeError(error) }));
  };
  const onUser = (): void => {
    log.level = log.level === 'debug' ? usual : 'debug';
    log.info('log.level', { code: log.level, signal: 'SIGUSR2' });
  };
  source.on('SIGHUP', onHangUp);
  source.on('SIGUSR2', onUser);
  return () => {
    source.off('SIGHUP', onHangUp);
    source.off('SIGUSR2', onUser);
  };
}
