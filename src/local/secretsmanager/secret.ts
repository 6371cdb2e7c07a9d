/** One value that a secret has or had. */
export interface SecretVersion {
  readonly id: string;
  readonly text?: string;
  /** Base64, as it came. */
  readonly binary?: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

/** A secret as kept; never changed in place. Times are epoch milliseconds. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly deletion?: { readonly markedAt: number; readonly dueAt: number };
  readonly versions: readonly SecretVersion[];
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/**
 * Adds a version with its stages. A stage is on one version only; when AWSCURRENT moves, the version that had it
 * becomes AWSPREVIOUS (Secrets Manager API, PutSecretValue). Versions without a stage are forgotten.
 */
export function withVersion(secret: Secret, version: SecretVersion): Secret {
  const replaced = version.stages.includes(CURRENT) ? findStage(secret, CURRENT)?.id : undefined;
  const others = secret.versions.map((other) => {
    const taken = [...version.stages, ...(replaced === undefined ? [] : [PREVIOUS])];
    const stages = other.stages.filter((stage) => !taken.includes(stage));
    return { ...other, stages: other.id === replaced ? [...stages, PREVIOUS] : stages };
  });
  const versions = [...others.filter(({ stages }) => stages.length > 0), version];
  return { ...secret, versions, changedAt: version.createdAt };
}

export function findStage(secret: Secret, stage: string): SecretVersion | undefined {
  return secret.versions.find(({ stages }) => stages.includes(stage));
}

/** The version that is asked for by id, by stage, or by neither: AWSCURRENT. */
export function findVersion(
  secret: Secret,
  id: string | undefined,
  stage: string | undefined,
): SecretVersion | undefined {
  if (id === undefined) return findStage(secret, stage ?? CURRENT);
  const version = secret.versions.find((candidate) => candidate.id === id);
  return stage === undefined || version?.stages.includes(stage) ? version : undefined;
}
