import { parseAccessDenied } from './access-denied.ts';
import type { FailureCode } from './failure-codes.ts';
import type { LaunchOutcome, Unlaunched } from './task-host.ts';

/** The parts of RunTask's answer that tell what happened. */
export interface LaunchAnswer {
  readonly tasks?: readonly { readonly taskArn?: string | undefined }[] | undefined;
  readonly failures?: readonly LaunchFailure[] | undefined;
}

export interface LaunchFailure {
  readonly arn?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

/** An error of a call, as far as an SDK tells it; no status where no answer came. */
export interface CallError {
  readonly name: string;
  readonly message: string;
  /** Of the operating system: `ECONNREFUSED` … */
  readonly code?: string | undefined;
  readonly httpStatusCode?: number | undefined;
  /** How often the SDK sent the request before it gave up. */
  readonly attempts?: number | undefined;
  /** `ConflictException`: the tasks that the token stands for. */
  readonly resourceIds?: readonly string[] | undefined;
}

interface Row {
  readonly match: RegExp;
  readonly kind: Unlaunched['kind'];
  readonly code: FailureCode;
}

/** By the name, error code or text of an error; the first match wins. */
const ERRORS: readonly Row[] = [
  // Throttles hide in other errors: a security group look-up, a concurrent revision (API Reference, "Common errors").
  {
    match: /Rate exceeded|Throttl|RequestLimitExceeded|TooManyRequests|SlowDown/i,
    kind: 'not-placed',
    code: 'THROTTLED',
  },
  {
    match: /Too many concurrent attempts to create a new revision|LimitExceededException/,
    kind: 'not-placed',
    code: 'THROTTLED',
  },
  {
    match:
      /ExpiredToken|UnrecognizedClientException|InvalidClientTokenId|CredentialsProviderError|InvalidSignature|SignatureDoesNotMatch|RequestExpired|IncompleteSignature/,
    kind: 'not-placed',
    code: 'AGENT_NOT_READY',
  },
  {
    match: /\b(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)\b/,
    kind: 'not-placed',
    code: 'AGENT_NOT_READY',
  },
  { match: /No Container Instances were found|Capacity is unavailable/i, kind: 'not-placed', code: 'NOT_PLACED' },
  { match: /reached the limit on the number of/i, kind: 'not-placed', code: 'NOT_PLACED' },
  { match: /AccessDenied|not authorized to perform/i, kind: 'refused', code: 'PERMISSION_DENIED' },
];

/** Errors of ECS that the same request can only meet again (API RunTask, "Errors"). */
const REFUSALS: ReadonlySet<string> = new Set([
  'BlockedException',
  'ClientException',
  'ClusterNotFoundException',
  'InvalidParameterException',
  'PlatformTaskDefinitionIncompatibilityException',
  'PlatformUnknownException',
  'UnsupportedFeatureException',
]);

/** By the reason of a failure in an answer (ECS developer guide, "API failure reasons"). */
const FAILURES: readonly Row[] = [
  { match: /Rate exceeded|Throttl/i, kind: 'not-placed', code: 'THROTTLED' },
  {
    match: /^RESOURCE:|^AGENT$|Capacity is unavailable|EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES/i,
    kind: 'not-placed',
    code: 'NOT_PLACED',
  },
  { match: /reached the limit on the number of/i, kind: 'not-placed', code: 'NOT_PLACED' },
  {
    match: /above your limit|^ATTRIBUTE$|^LOCATION$|MemberOf placement constraint/i,
    kind: 'refused',
    code: 'NOT_LAUNCHED',
  },
];

/** A task beside a failure is launched; neither a task nor a known failure tells nothing. */
export function classifyAnswer({ tasks = [], failures = [] }: LaunchAnswer): LaunchOutcome {
  const taskArn = tasks[0]?.taskArn;
  if (taskArn !== undefined) return { kind: 'launched', taskArn };
  const evidence = failures.length === 0 ? 'RunTask: tasks [], failures []' : failures.map(describeFailure).join('; ');
  return { ...judgeFailures(failures, evidence), needsLookUp: true };
}

/** Of several failures: not placed if any is, else unclear if any is unknown, else refused. */
function judgeFailures(failures: readonly LaunchFailure[], evidence: string): Judged {
  const rows = failures.map(({ reason = '' }) => FAILURES.find(({ match }) => match.test(reason)));
  const placedLater = rows.find((row) => row?.kind === 'not-placed');
  if (placedLater) return judged('not-placed', placedLater.code, 'ECS could not place the task.', evidence);
  if (rows.length === 0)
    return judged('unclear', 'LAUNCH_UNCLEAR', 'ECS answered with neither a task nor a failure.', evidence);
  if (rows.includes(undefined))
    return judged('unclear', 'LAUNCH_UNCLEAR', 'ECS gave a failure that is not known here.', evidence);
  return judged('refused', 'NOT_LAUNCHED', 'ECS refuses this launch.', evidence);
}

/**
 * What it does not know is unclear: the one outcome that costs nothing but a repeat under the same token. Of several tries
 * only the last one's answer is known, and an earlier one may have started the task: that is unclear, too.
 */
export function classifyError(error: CallError): LaunchOutcome {
  const adopted = error.name === 'ConflictException' ? error.resourceIds?.[0] : undefined;
  if (adopted !== undefined) return { kind: 'launched', taskArn: adopted };
  return (error.attempts ?? 1) > 1 ? { ...unclear(error), needsLookUp: true } : classifyRefusal(error);
}

/** The same for a call that starts nothing, so that only its last answer counts. */
export function classifyRefusal(error: CallError): Unlaunched {
  return { ...judgeError(error), needsLookUp: false };
}

function judgeError(error: CallError): Judged {
  const evidence = evidenceOf(error);
  const failedInside = error.httpStatusCode !== undefined && error.httpStatusCode >= 500;
  const row = ERRORS.find(({ match }) => match.test(`${error.name} ${error.code ?? ''} ${error.message}`));
  if (row && !failedInside) return judged(row.kind, row.code, deniedMessage(error) ?? messageOf(row.code), evidence);
  if (REFUSALS.has(error.name) && !failedInside)
    return judged('refused', 'NOT_LAUNCHED', 'ECS refuses this launch.', evidence);
  return unclear(error);
}

function unclear(error: CallError): Judged {
  return judged('unclear', 'LAUNCH_UNCLEAR', 'Whether ECS took the request is not known.', evidenceOf(error));
}

function evidenceOf({ name, message }: CallError): string {
  return `${name}: ${message}`;
}

const MESSAGES: Partial<Record<FailureCode, string>> = {
  THROTTLED: 'ECS limits the rate of calls.',
  AGENT_NOT_READY: 'The agent could not reach ECS with valid credentials.',
  NOT_PLACED: 'ECS could not place the task.',
  PERMISSION_DENIED: 'The agent lacks a permission.',
};

function messageOf(code: FailureCode): string {
  return MESSAGES[code] ?? 'ECS refuses this launch.';
}

function deniedMessage({ message }: CallError): string | undefined {
  const denied = parseAccessDenied(message);
  return denied && `The agent may not ${denied.action} on ${denied.resource}.`;
}

function describeFailure({ arn, reason, detail }: LaunchFailure): string {
  return [reason, detail, arn].filter((part) => part !== undefined && part !== '').join(' ');
}

type Judged = Omit<Unlaunched, 'needsLookUp'>;

function judged(kind: Unlaunched['kind'], code: FailureCode, message: string, evidence: string): Judged {
  return { kind, reason: { code, message, evidence } };
}
