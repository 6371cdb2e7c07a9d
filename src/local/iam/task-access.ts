import type { AccessGate } from './access-gate.ts';
import type { AccessRequest } from './access-request.ts';

/** What ECS asks IAM for in the name of a task's two roles. */
export class TaskAccess {
  readonly #gate: AccessGate;

  constructor(gate: AccessGate) {
    this.#gate = gate;
  }

  /**
   * The variables by which a task's programs find the credentials of its role. Where permissions are limited, a task without
   * a role has none at all, as on AWS; else any will do.
   */
  credentialsOf(taskRoleArn: string | undefined, taskId: string): Readonly<Record<string, string>> {
    if (!this.#gate.isJudging) return { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    // This machine's metadata service, if it has one, has nothing to say to a task.
    if (taskRoleArn === undefined) return { AWS_EC2_METADATA_DISABLED: 'true' };
    const { accessKeyId, secretAccessKey, sessionToken } = this.#gate.sessions.ofTask(taskRoleArn, taskId);
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  }

  /** AWS's words when the role that ECS starts a task with may not do something; undefined if it may. */
  refusal(executionRoleArn: string | undefined, taskId: string, request: AccessRequest): string | undefined {
    if (!this.#gate.isJudging || executionRoleArn === undefined) return undefined;
    return this.#gate.refusalToRole(this.#gate.sessions.ofTask(executionRoleArn, taskId), request);
  }

  /** The ARN of a log stream or group of the account, as Logs names it in denials. */
  logArn(group: string, stream = ''): string {
    const { region, accountId } = this.#gate.account;
    return `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`;
  }
}
