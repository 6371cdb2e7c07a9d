import { delimiter } from 'node:path';
import { isJsonMap, type Json, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import { RUN_ID_PATTERN } from '../core/run-identity.ts';
import { LOG_LEVELS, type LogLevel } from '../service/log.ts';
import { VariableReader } from './variable-reader.ts';

/** What the agent tells the worker (DESIGN 7.5), and ECS and the SDK besides. */
export interface WorkerEnv {
  readonly runId: string;
  readonly attempt: number;
  readonly flow: string;
  readonly flowVersion: string;
  readonly org: string;
  readonly environment?: string;
  readonly correlationId?: string;
  readonly parameters: GivenParameters;
  readonly table: string;
  /** `s3://bucket` or `s3://bucket/prefix`, without a slash at its end. */
  readonly bucket?: string;
  readonly artifactS3Uri?: string;
  /** Packages that the flow builds on, in this order. */
  readonly depPackages: readonly PackageRef[];
  readonly logLevel: LogLevel;
  /** For how long ECS lets the container go on after SIGTERM; its own default if left out. */
  readonly stopTimeoutMs?: number;
  /** Fargate sets AWS_REGION; elsewhere the task's ARN tells the region. */
  readonly region?: string;
  /** Another endpoint for all of AWS: local AWS, moto. */
  readonly endpoint?: string;
  /** Without it there is no task, and nothing that could claim a run. */
  readonly metadataUri: string;
}

/** A package in S3, with what is known of its bytes. */
export interface PackageRef {
  readonly uri: string;
  /** In hexadecimal. */
  readonly sha256?: string;
  readonly bytes?: number;
}

export type GivenParameters =
  | { readonly kind: 'inline'; readonly values: JsonMap }
  | { readonly kind: 's3'; readonly uri: string };

const S3_URI = /^s3:\/\/[^/]+\/.+/;
const BUCKET = /^s3:\/\/[^/]+/;

/** Reads the worker's variables; all that is wrong with them, each in one line that names the variable. */
export function readWorkerEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Result<WorkerEnv, readonly string[]> {
  const read = new VariableReader(source);
  const env: WorkerEnv = {
    runId: read.needed('SLIPWAY_RUN_ID', RUN_ID_PATTERN, '1 to 64 letters, digits, "-" or "_"'),
    attempt: Number(read.needed('SLIPWAY_ATTEMPT', /^[1-9]\d{0,8}$/, 'a number from 1')),
    flow: read.needed('SLIPWAY_FLOW'),
    flowVersion: read.needed('SLIPWAY_FLOW_VERSION'),
    org: read.needed('SLIPWAY_ORG'),
    parameters: readParameters(read),
    depPackages: readPackages(read),
    table: read.needed('SLIPWAY_TABLE'),
    logLevel: readLogLevel(read),
    metadataUri: read.needed('ECS_CONTAINER_METADATA_URI_V4', /^http:\/\//, 'an http address (ECS sets it)'),
    ...optional('environment', read.given('SLIPWAY_ENVIRONMENT')),
    ...optional('correlationId', read.given('SLIPWAY_CORRELATION_ID')),
    ...optional(
      'bucket',
      read.given('SLIPWAY_BUCKET', BUCKET, 's3://bucket or s3://bucket/prefix')?.replace(/(?<!\/)\/+$/, ''),
    ),
    ...optional('artifactS3Uri', read.given('SLIPWAY_ARTIFACT_S3_URI', S3_URI, 's3://bucket/key')),
    ...optional('stopTimeoutMs', readStopTimeout(read)),
    ...optional('region', read.given('AWS_REGION') ?? read.given('AWS_DEFAULT_REGION')),
    ...optional('endpoint', read.given('AWS_ENDPOINT_URL', /^https?:\/\//, 'an http address')),
  };
  return read.faults.length > 0 ? err(read.faults) : ok(env);
}

/**
 * Keeps the SDK from printing a warning about Node versions at every start. The SDK asks when its first client is made;
 * the user's program inherits the variable.
 */
export function silenceSdkWarning(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
}

/** Variables that are secrets whatever the definition calls them: many keep theirs in plain variables all the same. */
const SECRET_NAME = /SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE_?KEY/i;

/** The values of these variables, and of those whose names say that nobody else is to read them. */
export function secretValues(names: readonly string[]): readonly string[] {
  return Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (names.includes(name) || SECRET_NAME.test(name)) ? [value] : [],
  );
}

/** The worker's own variables and more; what the image or the run says already stands. */
export function childEnvironment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...more, ...process.env };
}

/** The folders where Python looks for modules: ours, then what the image or the run says. */
export function pythonPath(folders: readonly string[]): string {
  return [...folders, process.env.PYTHONPATH ?? ''].filter((folder) => folder !== '').join(delimiter);
}

/** The folders where Node's `require` looks besides: ours, then what the image or the run says. */
export function nodePath(folders: readonly string[]): string {
  return [...folders, process.env.NODE_PATH ?? ''].filter((folder) => folder !== '').join(delimiter);
}

function readParameters(read: VariableReader): GivenParameters {
  const uri = read.given('SLIPWAY_PARAMETERS_S3_URI', S3_URI, 's3://bucket/key');
  if (uri !== undefined) return { kind: 's3', uri };
  const text = read.needed('SLIPWAY_PARAMETERS');
  const parsed = parseJsonText(text);
  if (parsed.ok && isJsonMap(parsed.value)) return { kind: 'inline', values: parsed.value };
  // Not a word of the text itself: this ends in the log, and parameters may be nobody's business there.
  if (text !== '') read.faults.push('SLIPWAY_PARAMETERS has to be a JSON object');
  return { kind: 'inline', values: {} };
}

/** `s3://bucket/key.zip`, `s3://bucket/key.tar.gz#sha256=…&bytes=…` (DESIGN 7.5), as a JSON list. */
function readPackages(read: VariableReader): readonly PackageRef[] {
  const text = read.given('SLIPWAY_DEP_PACKAGE_URIS') ?? '[]';
  const parsed = parseJsonText(text);
  const refs = parsed.ok && Array.isArray(parsed.value) ? parsed.value.map(packageRefOf) : [undefined];
  const known = refs.filter((ref) => ref !== undefined);
  if (known.length < refs.length) {
    read.faults.push(`SLIPWAY_DEP_PACKAGE_URIS has to be a JSON list of s3:// addresses: ${text.slice(0, 200)}`);
  }
  return known;
}

const PACKAGE_REF = /^(s3:\/\/[^/]+\/.+?)(?:#(?:sha256=([0-9a-f]{64}))?(?:&?bytes=(\d{1,15}))?)?$/;

function packageRefOf(text: Json): PackageRef | undefined {
  const [, uri, sha256, bytes] = (typeof text === 'string' && PACKAGE_REF.exec(text)) || [];
  if (uri === undefined) return undefined;
  return { uri, ...optional('sha256', sha256), ...optional('bytes', bytes === undefined ? undefined : Number(bytes)) };
}

function readStopTimeout(read: VariableReader): number | undefined {
  const seconds = read.given('SLIPWAY_STOP_TIMEOUT', /^\d{1,4}$/, 'a number of seconds');
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

function readLogLevel(read: VariableReader): LogLevel {
  const text = read.given('SLIPWAY_LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) read.faults.push(`SLIPWAY_LOG_LEVEL has to be one of ${LOG_LEVELS.join(', ')}: ${text}`);
  return level ?? 'info';
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
