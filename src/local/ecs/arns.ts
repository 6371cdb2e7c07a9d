/** Makes the ARNs of one account and Region. */
export class Arns {
  /** The account's root, in whose name everything is done. */
  readonly root: string;
  readonly #prefix: string;

  constructor(region: string, accountId: string) {
    this.root = `arn:aws:iam::${accountId}:root`;
    this.#prefix = `arn:aws:ecs:${region}:${accountId}:`;
  }

  cluster(name: string): string {
    return `${this.#prefix}cluster/${name}`;
  }

  task(cluster: string, id: string): string {
    return `${this.#prefix}task/${cluster}/${id}`;
  }

  definition(family: string, revision: number): string {
    return `${this.#prefix}task-definition/${family}:${revision}`;
  }

  container(cluster: string, taskId: string, id: string): string {
    return `${this.#prefix}container/${cluster}/${taskId}/${id}`;
  }

  /** The ARN that a task's id or ARN means within a cluster. */
  taskOf(cluster: string, idOrArn: string): string {
    return idOrArn.startsWith('arn:') ? idOrArn : this.task(cluster, idOrArn);
  }
}

/** The name in a cluster's name or ARN; `default` when none is given. */
export function clusterNameOf(reference: string | undefined): string {
  if (reference === undefined || reference === '') return 'default';
  return reference.startsWith('arn:') ? reference.slice(reference.indexOf('/') + 1) : reference;
}

export interface DefinitionReference {
  readonly family: string;
  /** Undefined means the latest ACTIVE one. */
  readonly revision: number | undefined;
}

/** Reads `family`, `family:revision` or an ARN; undefined when it is none of them. */
export function definitionReference(reference: string): DefinitionReference | undefined {
  const name = reference.replace(/^arn:[^/]*:task-definition\//, '');
  const match = /^([A-Za-z0-9_-]{1,255})(?::([1-9][0-9]*))?$/.exec(name);
  if (match?.[1] === undefined) return undefined;
  return { family: match[1], revision: match[2] === undefined ? undefined : Number(match[2]) };
}
