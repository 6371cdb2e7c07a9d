import { AwsError } from '../service.ts';
import type { AccessGate } from './access-gate.ts';

export interface StsCall {
  readonly form: URLSearchParams;
  readonly caller: string;
  readonly requestId: string;
  readonly now: number;
}

type StsAction = (gate: AccessGate, call: StsCall) => string;

/** API AssumeRole, `DurationSeconds`. */
const DEFAULT_SECONDS = 3_600;

const ACTIONS: Readonly<Record<string, StsAction>> = {
  GetCallerIdentity: (gate, { caller }) =>
    `<Arn>${gate.principalOf(caller)}</Arn><UserId>AIDALOCALUSER</UserId><Account>${gate.account.accountId}</Account>`,
  AssumeRole: assumeRole,
};

/** Whether local STS has an action. */
export function isStsAction(action: string): boolean {
  return Object.hasOwn(ACTIONS, action);
}

/** The answer of STS: who am I, and taking on a role. In the query protocol, whose answers are XML. */
export function answerSts(gate: AccessGate, action: string, call: StsCall): string {
  const result = ACTIONS[action]?.(gate, call) ?? '';
  return (
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result>` +
    `<ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></${action}Response>`
  );
}

function assumeRole(gate: AccessGate, { form, now }: StsCall): string {
  const role = form.get('RoleArn') ?? '';
  const name = form.get('RoleSessionName') ?? '';
  if (!/^arn:[^:]+:iam::\d{12}:role\/./.test(role)) throw new AwsError('ValidationError', `${role} is invalid`);
  // API AssumeRole, `RoleSessionName`; nothing else may get into the XML.
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw new AwsError('ValidationError', 'RoleSessionName is not valid');
  const askedMs = Number(form.get('DurationSeconds') ?? DEFAULT_SECONDS) * 1000;
  const session = gate.sessions.assume(role, name, gate.sessionMs ?? askedMs);
  const { accessKeyId, secretAccessKey, sessionToken, principal, expiresAt = now } = session;
  return (
    `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
    `<SessionToken>${sessionToken}</SessionToken><Expiration>${new Date(expiresAt).toISOString()}</Expiration></Credentials>` +
    `<AssumedRoleUser><Arn>${escaped(principal)}</Arn><AssumedRoleId>AROALOCALROLE:${name}</AssumedRoleId></AssumedRoleUser>`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
