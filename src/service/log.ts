import { type DestinationStream, pino } from 'pino';

/**
 * The facts that a log line may carry. A list of what is allowed, not of what is forbidden: parameters, variables and
 * bodies cannot be logged because there is no field for them.
 */
export interface LogFacts {
  readonly agent?: string;
  readonly runId?: string;
  readonly flow?: string;
  readonly flowVersion?: string;
  readonly attempt?: number;
  readonly status?: string;
  readonly code?: string;
  readonly evidence?: string;
  readonly correlationId?: string;
  readonly taskArn?: string;
  readonly taskDefinition?: string;
  readonly messageId?: string;
  readonly queue?: string;
  readonly loop?: string;
  readonly schedule?: string;
  readonly tick?: string;
  readonly chore?: string;
  readonly count?: number;
  readonly ms?: number;
  readonly retryInMs?: number;
  readonly ref?: string;
  readonly fault?: string;
  readonly error?: string;
  readonly signal?: string;
  /** What a look around has found, one fact each. */
  readonly found?: readonly string[];
  readonly warnings?: readonly string[];
  /** What mends it. */
  readonly fix?: string;
}

export interface Log {
  debug(event: string, facts?: LogFacts): void;
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** A log whose level can be changed while it is written to. */
export interface LeveledLog extends Log {
  level: LogLevel;
}

/** What can be done about trouble, by its words; undefined where nothing is known. */
export type AdviceOn = (words: string) => string | undefined;

/** One JSON line per event: `time` (ISO 8601), `level`, `event`, then the facts, and `fix` where `adviceOn` knows one. */
export function createLog(
  level: LogLevel,
  destination: DestinationStream,
  base: LogFacts = {},
  adviceOn: AdviceOn = () => undefined,
): LeveledLog {
  const logger = pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (facts) => withoutControls(advised(facts, adviceOn)) },
      messageKey: 'event',
    },
    destination,
  );
  return {
    debug: (event, facts = {}) => logger.debug(facts, event),
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, facts = {}) => logger.error(facts, event),
    get level() {
      return level;
    },
    set level(to) {
      level = to;
      logger.level = to;
    },
  };
}

function advised(facts: LogFacts, adviceOn: AdviceOn): LogFacts {
  const fix = adviceOn(facts.error ?? facts.evidence ?? '');
  return fix === undefined ? facts : { fix, ...facts };
}

/** JSON escapes control characters, but for these: DEL, and those that old terminals take for commands. */
const UNESCAPED = /[\p{Cc}\u2028\u2029]/gu;

function withoutControls(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, shownFact(value)]));
}

function shownFact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownFact);
  return typeof value === 'string' ? shown(value) : value;
}

function shown(text: string): string {
  return text.replace(UNESCAPED, (char) =>
    char < ' ' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** An error in one line, without its stack. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
