import type { Json } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import type { Setting, Settings } from '../templates/settings.ts';
import type { CliEnv } from './env.ts';
import { EXIT } from './exit-codes.ts';
import { UserError, usageError } from './user-error.ts';

interface SettingWord {
  /** Key path in agent.yaml. */
  readonly path: string;
  readonly variable: string;
  /** Absent for a secret: what a command line says, every user of the machine can read. */
  readonly flag?: string;
  /** Reads the text of the variable, or of each time that the flag is given. */
  readonly read?: (texts: readonly string[], origin: string) => Json;
}

/** Keys of agent.yaml that are also flags and variables (DESIGN 7.2). */
const WORDS: readonly SettingWord[] = [
  { path: 'name', variable: 'SLIPWAY_NAME', flag: 'name' },
  { path: 'labels', variable: 'SLIPWAY_LABELS', flag: 'label', read: listOf },
  { path: 'queues', variable: 'SLIPWAY_QUEUE_URL', flag: 'queue-url', read: queuesOf },
  { path: 'table', variable: 'SLIPWAY_TABLE', flag: 'table' },
  { path: 'bucket', variable: 'SLIPWAY_BUCKET', flag: 'bucket' },
  { path: 'flows', variable: 'SLIPWAY_FLOWS', flag: 'flows' },
  { path: 'http.address', variable: 'SLIPWAY_AGENT_ADDRESS', flag: 'agent-address' },
  { path: 'http.token', variable: 'SLIPWAY_HTTP_TOKEN' },
  { path: 'logLevel', variable: 'SLIPWAY_LOG_LEVEL', flag: 'log-level' },
  { path: 'ecs.cluster', variable: 'SLIPWAY_CLUSTER', flag: 'cluster' },
  { path: 'ecs.launchType', variable: 'SLIPWAY_LAUNCH_TYPE', flag: 'launch-type' },
  { path: 'ecs.taskDefinition', variable: 'SLIPWAY_TASK_DEFINITION', flag: 'task-definition' },
  { path: 'ecs.runTaskKwargs', variable: 'SLIPWAY_RUN_TASK_KWARGS', flag: 'run-task-kwargs' },
  { path: 'ecs.taskRoleArn', variable: 'SLIPWAY_TASK_ROLE_ARN', flag: 'task-role-arn' },
  { path: 'ecs.executionRoleArn', variable: 'SLIPWAY_EXECUTION_ROLE_ARN', flag: 'execution-role-arn' },
  { path: 'ecs.env', variable: 'SLIPWAY_ENV', flag: 'env', read: variablesOf },
];

/** What flags say, by their names in camel case. */
export type FlagTexts = Readonly<Record<string, unknown>>;

/** Flags over variables, as what they say about agent.yaml. A text that cannot be read is an error that names its flag. */
export function agentSettings(flags: FlagTexts, env: CliEnv): Settings {
  return Object.fromEntries(
    WORDS.flatMap((word): [string, Setting][] => {
      const setting = settingOf(word, flags, env);
      return setting === undefined ? [] : [[word.path, setting]];
    }),
  );
}

function settingOf(word: SettingWord, flags: FlagTexts, env: CliEnv): Setting | undefined {
  const { path, variable, flag, read = onlyOne } = word;
  const given = flag === undefined ? undefined : textsOf(flags[camelCase(flag)]);
  const said = env.slipway[variable];
  const ofVariable = said === undefined ? undefined : read(path === 'ecs.env' ? [said] : said.split(','), variable);
  if (given === undefined) return ofVariable === undefined ? undefined : { value: ofVariable, origin: variable };
  const origin = `--${flag}`;
  const ofFlag = read(given, origin);
  return { value: path === 'ecs.env' ? overMap(ofVariable, ofFlag) : ofFlag, origin };
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function textsOf(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  return Array.isArray(given) ? given.map(String) : [String(given)];
}

function onlyOne(texts: readonly string[]): Json {
  return texts.join(',');
}

function listOf(texts: readonly string[]): Json {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/** The earlier a queue is named, the more urgent are its requests. */
function queuesOf(texts: readonly string[]): Json {
  return texts.map((url, index) => ({ url: url.trim(), priority: texts.length - 1 - index }));
}

/** `KEY=VALUE`; a variable may hold several with commas between them, or a JSON map. */
function variablesOf(texts: readonly string[], origin: string): Json {
  const [first = ''] = texts;
  if (!origin.startsWith('-'))
    return first.trim().startsWith('{') ? mapOf(first, origin) : pairs(first.split(','), origin);
  return pairs(texts, origin);
}

function mapOf(text: string, origin: string): Json {
  const parsed = parseJsonText(text);
  if (parsed.ok) return parsed.value;
  throw new UserError(`${origin} is no JSON map: ${parsed.error.message}`, { exitCode: EXIT.config });
}

function pairs(texts: readonly string[], origin: string): Json {
  const entries = texts.map((text, index): [string, string] => {
    const equals = text.indexOf('=');
    // Not the word itself: it may be a secret whose name was forgotten.
    if (equals < 1)
      throw usageError(`${origin} takes KEY=VALUE: number ${index + 1} has no name before an equals sign`);
    return [text.slice(0, equals).trim(), text.slice(equals + 1)];
  });
  return Object.fromEntries(entries);
}

function overMap(below: Json | undefined, above: Json): Json {
  const isMap = (value: Json | undefined) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap(below) && isMap(above) ? Object.assign({}, below, above) : above;
}
