import { randomBytes, randomUUID } from 'node:crypto';
import type { LocalClock } from '../service.ts';

/** Credentials of somebody who has taken on a role (API AssumeRole, `Credentials`). */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Who signs with such credentials. */
export interface RoleSession extends RoleCredentials {
  readonly roleArn: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly principal: string;
  /** Epoch ms; undefined for a task's, which ECS renews for as long as it lives. */
  readonly expiresAt: number | undefined;
}

/** Sessions that nobody can use any more are forgotten this long after their end: until then they are told that it is over. */
const REMEMBERED_MS = 3_600_000;

/** The temporary credentials that local AWS has handed out. They do not outlive the process. */
export class RoleSessions {
  readonly #clock: LocalClock;
  readonly #byKey = new Map<string, RoleSession>();
  readonly #ofTasks = new Map<string, RoleSession>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** Takes on a role for so long. */
  assume(roleArn: string, sessionName: string, lifetimeMs: number): RoleSession {
    this.#forgetOld();
    return this.#add(roleArn, sessionName, this.#clock.now() + lifetimeMs);
  }

  /** A task's session: one for each role and task. */
  ofTask(roleArn: string, taskId: string): RoleSession {
    const name = `${roleArn} ${taskId}`;
    const session = this.#ofTasks.get(name) ?? this.#add(roleArn, taskId, undefined);
    this.#ofTasks.set(name, session);
    return session;
  }

  find(accessKeyId: string): RoleSession | undefined {
    return this.#byKey.get(accessKeyId);
  }

  isOver({ expiresAt }: RoleSession): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock.now();
  }

  #add(roleArn: string, sessionName: string, expiresAt: number | undefined): RoleSession {
    const session: RoleSession = {
      // Keys of temporary credentials begin with ASIA (IAM User Guide, "IAM identifiers").
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(20).toString('hex'),
      sessionToken: randomUUID(),
      roleArn,
      principal: principalOf(roleArn, sessionName),
      expiresAt,
    };
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  #forgetOld(): void {
    const before = this.#clock.now() - REMEMBERED_MS;
    for (const [key, { expiresAt }] of this.#byKey) {
      if (expiresAt !== undefined && expiresAt < before) this.#byKey.delete(key);
    }
  }
}

/** A role's path is no part of its sessions' ARN (IAM User Guide, "IAM identifiers"). */
function principalOf(roleArn: string, sessionName: string): string {
  const [, partition = 'aws', , , account = '', resource = ''] = roleArn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${resource.split('/').at(-1)}/${sessionName}`;
}
