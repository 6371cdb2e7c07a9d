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
  const statement = { Effect: 'Allow', Action: action, Resource: lasting(resource) };
  return JSON.stringify(action === 'iam:PassRole' ? { ...statement, Condition: TO_TASKS } : statement);
}

/** What to do about words in which AWS denies something; undefined for words that do not. */
export function adviceOnDenial(words: string): string | undefined {
  const denied = parseAccessDenied(words);
  return denied && `add to the policy of ${policyHolder(denied)}: ${missingStatement(denied)}`;
}

/** Whoever may pass a role may pass it to tasks, and to nobody else. */
const TO_TASKS = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };

/** What comes and goes (a task, a revision, a log stream) is not worth a statement of its own: all of its kind are meant. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/(:task\/[^/]+\/)[^/]+$/, '$1*'],
  [/(:task-definition\/[^:/]+):\d+$/, '$1:*'],
  [/(:log-group:[^:]+:)log-stream:[^:]*$/, '$1*'],
];

function lasting(resource: string): string {
  return PASSING.reduce((text, [pattern, all]) => text.replace(pattern, all), resource);
}

/** A session has its role's permissions: `arn:aws:sts::1:assumed-role/agent/i-0` is the role `agent`. */
function policyHolder({ principal }: AccessDenied): string {
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
  return role === undefined ? principal : `role ${role}`;
}
