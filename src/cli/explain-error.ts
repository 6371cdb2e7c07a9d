import { adviceOnDenial } from '../core/access-denied.ts';
import { EXIT } from './exit-codes.ts';
import { UserError } from './user-error.ts';

/** An error in a person's words. */
export interface Explained {
  readonly exitCode: number;
  readonly message: string;
  readonly next?: string;
  /** Nobody expected it: its stack is worth showing to those who ask for it. */
  readonly isBug?: true;
  /** Asking again may help: nobody answered, or AWS was busy. */
  readonly mayPass?: true;
}

interface Rule {
  readonly names: readonly string[];
  readonly exitCode: number;
  readonly message: (words: string) => string;
  readonly next: string;
}

const RULES: readonly Rule[] = [
  {
    names: ['CredentialsProviderError', 'TokenProviderError'],
    exitCode: EXIT.access,
    message: (words) => `there are no AWS credentials: ${words}`,
    next: 'aws sts get-caller-identity   shows what the SDK finds; without an AWS account: slipway dev',
  },
  {
    names: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'],
    exitCode: EXIT.access,
    message: (words) => `the AWS credentials have expired: ${words}`,
    next: 'log in again (aws sso login), then run this once more',
  },
  {
    names: [
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'IncompleteSignature',
      'MissingAuthenticationToken',
    ],
    exitCode: EXIT.access,
    message: (words) => `AWS does not know these credentials: ${words}`,
    next: 'aws sts get-caller-identity   shows whose they are',
  },
  {
    names: [
      'AccessDenied',
      'AccessDeniedException',
      'AuthorizationError',
      'AuthorizationErrorException',
      'UnauthorizedOperation',
      'KmsAccessDeniedException',
    ],
    exitCode: EXIT.access,
    message: (words) => `AWS denies it: ${words}`,
    next: 'give that principal the action, or use other credentials',
  },
  {
    names: [
      'ResourceNotFoundException',
      'QueueDoesNotExist',
      'AWS.SimpleQueueService.NonExistentQueue',
      'NoSuchBucket',
      'ClusterNotFoundException',
    ],
    exitCode: EXIT.notFound,
    message: (words) => `AWS does not find it: ${words}`,
    next: 'slipway setup   makes the table, the queues and the bucket; check the region too',
  },
  {
    names: ['SetUpConflict'],
    exitCode: EXIT.config,
    message: (words) => words,
    next: 'name another one, or change that one by hand',
  },
];

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** Says any error in words, with the exit code of DESIGN 7.7. */
export function explainError(error: unknown): Explained {
  if (error instanceof UserError) {
    const { message, exitCode, next } = error;
    return next === undefined ? { message, exitCode } : { message, exitCode, next };
  }
  if (!(error instanceof Error)) return { exitCode: EXIT.bug, message: String(error), isBug: true };
  return explainAws(error) ?? explainNetwork(error) ?? explainUnexpected(error);
}

function explainAws(error: Error): Explained | undefined {
  if (error.message === 'Region is missing') {
    return { exitCode: EXIT.config, message: 'no AWS region is named', next: 'set AWS_REGION, or give --region' };
  }
  const rule = RULES.find(({ names }) => names.includes(error.name));
  const words = wordsOf(error);
  return rule && { exitCode: rule.exitCode, message: rule.message(words), next: adviceOnDenial(words) ?? rule.next };
}

function wordsOf({ name, message }: Error): string {
  return message === '' || message === 'UnknownError' ? name : message;
}

function explainNetwork(error: Error): Explained | undefined {
  const cause = networkCause(error);
  if (cause === undefined && error.name !== 'TimeoutError') return undefined;
  const where = cause === undefined ? '' : placeOf(cause);
  const words = cause?.message || error.message || error.name;
  const isLocal = /^(?:127\.|::1|localhost)/.test(where);
  return {
    exitCode: EXIT.access,
    message: `AWS cannot be reached${where === '' ? '' : ` at ${where}`}: ${words}`,
    next: isLocal
      ? 'slipway dev   starts local AWS (or unset AWS_ENDPOINT_URL)'
      : 'check the network, the region and the endpoint',
    mayPass: true,
  };
}

/** A name with two addresses fails with one error for each (Node, `net.connect` with autoSelectFamily). */
function networkCause(error: Error): Error | undefined {
  const all: unknown[] = [error, ...(error instanceof AggregateError ? error.errors : [])];
  return all.find((one): one is Error => one instanceof Error && 'code' in one && UNREACHABLE.has(String(one.code)));
}

function placeOf(error: Error): string {
  const host = 'address' in error ? error.address : 'hostname' in error ? error.hostname : undefined;
  if (typeof host !== 'string') return '';
  return 'port' in error && typeof error.port === 'number' ? `${host}:${error.port}` : host;
}

function explainUnexpected(error: Error): Explained {
  const isAws = '$metadata' in error;
  const message = `${isAws ? 'AWS answered ' : ''}${error.name}: ${error.message}`;
  const told = {
    exitCode: EXIT.bug,
    message,
    next: 'DEBUG=1 before the same command shows more',
    isBug: true,
  } as const;
  return isAws && isBusy(error) ? { ...told, mayPass: true } : told;
}

/** Server errors and throttling, by the SDK's own marks. */
function isBusy(error: Error): boolean {
  return ('$fault' in error && error.$fault === 'server') || /Throttl|TooManyRequests|RequestLimit/.test(error.name);
}
