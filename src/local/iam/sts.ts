import { AwsError, type LocalClock, type QueryCall, type QueryService, unknownOperation } from '../service.ts';
import type { XmlElements } from '../xml-document.ts';
import type { AccessGate } from './access-gate.ts';

export interface StsOptions {
  readonly access: AccessGate;
  readonly clock: LocalClock;
}

type StsAction = (options: StsOptions, call: QueryCall) => XmlElements;

/** API AssumeRole, `DurationSeconds`. */
const DEFAULT_SECONDS = 3_600;

const ACTIONS: Readonly<Record<string, StsAction>> = {
  GetCallerIdentity: ({ access }, { caller }) => ({
    Arn: access.principalOf(caller),
    UserId: 'AIDALOCALUSER',
    Account: access.account.accountId,
  }),
  AssumeRole: assumeRole,
};

/** Local STS: who am I, and taking on a role. */
export function createSts(options: StsOptions): QueryService {
  return {
    name: 'sts',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: new Set(Object.keys(ACTIONS)),
    call: async (call) => {
      const action = Object.hasOwn(ACTIONS, call.operation) ? ACTIONS[call.operation] : undefined;
      if (action === undefined) throw unknownOperation('STS', call.operation);
      return action(options, call);
    },
    close: async () => undefined,
  };
}

function assumeRole({ access, clock }: StsOptions, { form }: QueryCall): XmlElements {
  const role = form.get('RoleArn') ?? '';
  const name = form.get('RoleSessionName') ?? '';
  if (!/^arn:[^:]+:iam::\d{12}:role\/./.test(role)) throw new AwsError('ValidationError', `${role} is invalid`);
  // API AssumeRole, `RoleSessionName`.
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw new AwsError('ValidationError', 'RoleSessionName is not valid');
  const askedMs = Number(form.get('DurationSeconds') ?? DEFAULT_SECONDS) * 1000;
  const session = access.sessions.assume(role, name, access.sessionMs ?? askedMs);
  const { accessKeyId, secretAccessKey, sessionToken, principal, expiresAt = clock.now() } = session;
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(expiresAt).toISOString(),
    },
    AssumedRoleUser: { Arn: principal, AssumedRoleId: `AROALOCALROLE:${name}` },
  };
}
