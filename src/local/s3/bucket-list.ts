import { Bucket } from './bucket.ts';
import { s3Error } from './s3-error.ts';
import type { Vault } from './vault.ts';

/** All buckets of the local account. */
export class BucketList {
  readonly #vault: Vault;
  readonly #buckets = new Map<string, Bucket>();

  constructor(vault: Vault) {
    this.#vault = vault;
    for (const name of vault.list('buckets')) {
      const bucket = Bucket.open(vault, name);
      if (bucket) this.#buckets.set(name, bucket);
      else vault.removeFolder(`buckets/${name}`);
    }
  }

  get all(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** The bucket, or `NoSuchBucket`. */
  require(name: string | undefined): Bucket {
    const bucket = name === undefined ? undefined : this.#buckets.get(name);
    if (bucket) return bucket;
    throw s3Error('NoSuchBucket', { BucketName: name });
  }

  /** Makes a bucket; a name that AWS would not take is `InvalidBucketName`. */
  create(name: string, region: string, now: number): void {
    if (!isBucketName(name)) throw s3Error('InvalidBucketName', { BucketName: name });
    this.#buckets.set(name, Bucket.create(this.#vault, { name, region, createdAt: now, settings: {} }));
  }

  delete(name: string): void {
    this.#buckets.get(name)?.destroy();
    this.#buckets.delete(name);
  }
}

/** S3 User Guide, "General purpose buckets naming rules". */
function isBucketName(name: string): boolean {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return false;
  return !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name) && !/^(xn--|sthree-|amzn-s3-demo-)/.test(name);
}
