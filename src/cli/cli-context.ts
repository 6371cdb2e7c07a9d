import type { Clock } from '../service/clock.ts';
import type { SignalSource } from '../service/stop-on-signals.ts';
import type { CliEnv } from './env.ts';
import type { OutputStream, Terminal } from './terminal.ts';

/** What a command has of the world. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Where an agent's log goes. */
  readonly stdout: OutputStream;
  readonly env: CliEnv;
  readonly clock: Clock;
  readonly signals: SignalSource;
  /** How this program is called, for commands to paste. */
  readonly program: string;
  /** The folder that relative paths and `.slipway/` are in. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
}
