import { userInfo } from 'node:os';

/** What the command line takes from its environment; an empty variable counts as none. */
export interface CliEnv {
  /** The `SLIPWAY_*` variables. */
  readonly slipway: Readonly<Record<string, string>>;
  /** `AWS_ENDPOINT_URL` */
  readonly endpointUrl: string | undefined;
  /** `AWS_REGION`, else `AWS_DEFAULT_REGION`. */
  readonly region: string | undefined;
  /** `ECS_CONTAINER_METADATA_URI_V4`: set in containers of an ECS task. */
  readonly metadataUri: string | undefined;
  /** `NO_COLOR` (no-color.org) */
  readonly noColor: boolean;
  /** `FORCE_COLOR` */
  readonly forceColor: boolean;
  /** `DEBUG`: stacks of unexpected errors are shown. */
  readonly debug: boolean;
  /** Who is at the keyboard. */
  readonly user: string | undefined;
}

/** Reads the environment of this process, or of `variables`. */
export function readEnv(variables: Readonly<NodeJS.ProcessEnv> = process.env): CliEnv {
  const said = Object.entries(variables).filter((entry): entry is [string, string] => !!entry[1]);
  const of = Object.fromEntries(said);
  return {
    slipway: Object.fromEntries(said.filter(([name]) => name.startsWith('SLIPWAY_'))),
    endpointUrl: of.AWS_ENDPOINT_URL,
    region: of.AWS_REGION ?? of.AWS_DEFAULT_REGION,
    metadataUri: of.ECS_CONTAINER_METADATA_URI_V4,
    noColor: of.NO_COLOR !== undefined,
    forceColor: of.FORCE_COLOR !== undefined,
    debug: of.DEBUG !== undefined,
    user: of.USER ?? of.LOGNAME ?? of.USERNAME ?? accountName(),
  };
}

/** A container may run as a user id that has no name. */
function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** The SDK warns of Node versions that it will leave, on stderr, when it is loaded; package.json pins what it is about. */
export function silenceSdkWarning(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
}

/**
 * Local AWS takes any credentials, but the SDK does not send a request without some. In this process only; keys that are
 * there stay. A profile would come before keys, and local AWS must work where the profile's login has run out.
 */
export function useTestCredentials(): void {
  delete process.env.AWS_PROFILE;
  process.env.AWS_ACCESS_KEY_ID ||= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ||= 'test';
}

/** The same where some other loopback endpoint is spoken to, unless anything says where credentials come from. */
export function useTestCredentialsIfNone(): void {
  const sources = ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (!sources.some((name) => process.env[name])) useTestCredentials();
}
