/** Who may not do what on which resource, as AWS says it. */
export interface AccessDenied {
  readonly principal: string;
  readonly action: string;
  /** `*` where AWS names none. */
  readonly resource: string;
}

const WORDS =
  /(?<!\S)(?<principal>\S+) is not authorized to perform: (?<action>[\w-]+:\w+)(?:.*? on (?:the )?resource: "?(?<resource>[^\s"]+)"?)?/s;

/** Reads the words of an access denied error (IAM User Guide, "Troubleshoot access denied error messages"). */
export function parseAccessDenied(message: string): AccessDenied | undefined {
  const { principal, action, resource } = WORDS.exec(message)?.groups ?? {};
  if (principal === undefined || action === undefined) return undefined;
  return { principal, action, resource: resource ?? '*' };
}

/** The statement that would allow it, in one line. */
export function missingStatement({ action, resource }: AccessDenied): string {
  return JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
}
