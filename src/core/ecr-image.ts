/** An image in a private registry of ECR, by its name. */
export interface EcrImage {
  /** The account. */
  readonly registry: string;
  readonly region: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/**
 * Reads `<account>.dkr.ecr.<region>.<suffix>/<repository>:tag@digest`, in whichever partition, with FIPS and dual-stack hosts
 * (Amazon ECR User Guide, "Private registries"; AWS General Reference, "Amazon ECR endpoints"). Undefined for an image of
 * another registry.
 */
export function parseEcrImage(image: string): EcrImage | undefined {
  const match = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(
    image,
  );
  if (match === null) return undefined;
  const [, registry = '', region = '', repository = '', tag, digest] = match;
  return { registry, region, repository, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}
