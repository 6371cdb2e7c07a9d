import type { Input } from '../read-input.ts';
import { AwsError, type LocalClock } from '../service.ts';
import { accessDeniedError, refusalText } from './access-denied-error.ts';
import { type AccessFacts, accessOfCall } from './access-of-call.ts';
import type { AccessRequest } from './access-request.ts';
import type { Account } from './account.ts';
import { type AccessDecision, evaluatePolicies } from './evaluate-policies.ts';
import { type Policy, parsePolicy } from './policy.ts';
import { type RoleSession, RoleSessions } from './role-sessions.ts';
import { listingOf } from './s3-access.ts';

/** Who may do what in local AWS. Whoever is not named here may do everything. */
export interface AccessSettings {
  readonly principals?: readonly KeyHolder[];
  /** Role ARN → its policies, as IAM writes them: for those who take it on, tasks among them. */
  readonly roles?: Readonly<Record<string, readonly unknown[]>>;
  /** How long the credentials of AssumeRole last, whatever was asked for; AWS's least is 15 minutes. */
  readonly sessionMs?: number;
}

/** Somebody with keys of their own. */
export interface KeyHolder {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly policies: readonly unknown[];
}

/** What somebody was asked about, and what came of it. */
export interface JudgedAccess {
  readonly principal: string;
  readonly request: AccessRequest;
  readonly decision: AccessDecision;
}

/** A call as the front knows it. */
export interface SignedCall {
  /** `<service>.<Operation>` */
  readonly operation: string;
  readonly input: unknown;
  readonly caller: string;
}

interface Known {
  readonly principal: string;
  /** Undefined for those who may do everything. */
  readonly policies: readonly Policy[] | undefined;
}

const NOTHING_KNOWN: AccessFacts = { partitionKeyOf: () => undefined, definitionNamed: () => undefined };

/** IAM for all services: knows callers by their access key, and judges their calls by their policies. */
export class AccessGate {
  readonly sessions: RoleSessions;
  readonly account: Account;
  readonly #settings: AccessSettings | undefined;
  readonly #holders: ReadonlyMap<string, Known>;
  readonly #roles: ReadonlyMap<string, readonly Policy[]>;
  readonly #judged = new Map<string, JudgedAccess>();
  #facts = NOTHING_KNOWN;

  constructor(settings: AccessSettings | undefined, account: Account, clock: LocalClock) {
    this.account = account;
    this.sessions = new RoleSessions(clock);
    this.#settings = settings;
    this.#holders = new Map(
      settings?.principals?.map(({ accessKeyId, arn, policies }) => [
        accessKeyId,
        { principal: arn, policies: policies.map(parsePolicy) },
      ]),
    );
    this.#roles = new Map(
      Object.entries(settings?.roles ?? {}).map(([arn, policies]) => [arn, policies.map(parsePolicy)]),
    );
  }

  /** Whether anybody's permissions are limited. */
  get isJudging(): boolean {
    return this.#settings !== undefined;
  }

  get sessionMs(): number | undefined {
    return this.#settings?.sessionMs;
  }

  /** Learns to ask the services what their requests do not say. */
  learn(facts: AccessFacts): void {
    this.#facts = facts;
  }

  /** The ARN of whoever signs with a key. */
  principalOf(caller: string): string {
    return this.#knownAs(caller)?.principal ?? `arn:aws:iam::${this.account.accountId}:user/local`;
  }

  /** The error that a call meets before anything is executed; undefined for one that may go on. */
  refusalOf(call: SignedCall): AwsError | undefined {
    const [service, operation] = partsOf(call.operation);
    const session = this.sessions.find(call.caller);
    if (session !== undefined && this.sessions.isOver(session)) return expired(service);
    const known = this.#knownAs(call.caller);
    if (known?.policies === undefined) return undefined;
    const asked = accessOfCall(service, operation, call.input as Input, this.account, this.#facts);
    return this.#refuse(service, known, asked);
  }

  /** What S3 says instead of "no such key" to those who may not list the bucket. */
  veilOf(call: SignedCall, error: AwsError): AwsError {
    const known = error.name === 'NoSuchKey' ? this.#knownAs(call.caller) : undefined;
    if (known?.policies === undefined) return error;
    return this.#refuse('s3', known, [listingOf(call.input as Input)]) ?? error;
  }

  /** What AWS says when a service may not do something in a role's name; undefined if it may. */
  refusalToRole(session: RoleSession, request: AccessRequest): string | undefined {
    const policies = this.#roles.get(session.roleArn);
    if (policies === undefined) return undefined;
    const { principal } = session;
    const decision = this.#judge({ principal, policies }, request);
    return decision === 'allowed' ? undefined : refusalText({ principal, request, decision });
  }

  /** Everything that limited callers were judged by, each once. */
  judged(): readonly JudgedAccess[] {
    return [...this.#judged.values()];
  }

  #knownAs(caller: string): Known | undefined {
    const session = this.sessions.find(caller);
    if (session === undefined) return this.#holders.get(caller);
    return { principal: session.principal, policies: this.#roles.get(session.roleArn) };
  }

  #refuse(service: string, known: Known, asked: readonly AccessRequest[]): AwsError | undefined {
    const { principal } = known;
    for (const request of asked) {
      const decision = this.#judge(known, request);
      if (decision !== 'allowed') return accessDeniedError(service, { principal, request, decision });
    }
    return undefined;
  }

  #judge({ principal, policies = [] }: Known, request: AccessRequest): AccessDecision {
    const decision = evaluatePolicies(policies, request);
    if (this.isJudging) {
      const judged = { principal, request, decision };
      this.#judged.set(JSON.stringify(judged), judged);
    }
    return decision;
  }
}

function partsOf(operation: string): readonly [service: string, operation: string] {
  const dot = operation.indexOf('.');
  return [operation.slice(0, dot), operation.slice(dot + 1)];
}

function expired(service: string): AwsError {
  if (service === 's3') return new AwsError('ExpiredToken', 'The provided token has expired.');
  const name = service === 'sts' ? 'ExpiredToken' : 'ExpiredTokenException';
  return new AwsError(name, 'The security token included in the request is expired', { status: 403 });
}
