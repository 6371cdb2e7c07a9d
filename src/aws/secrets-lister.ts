import { paginateListSecrets, type SecretListEntry, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretLister, TaggedSecret } from '../core/secret-lister.ts';

/** How old an answer may be; ListSecrets itself is up to five minutes late (API ListSecrets). */
const MAX_AGE_MS = 60_000;

interface Held {
  readonly at: number;
  readonly secrets: readonly TaggedSecret[];
}

/** Secrets Manager's secrets by tag, asked at most once a minute for each tag, however many runs want them. */
export class SecretsManagerLister implements SecretLister {
  readonly #client: SecretsManagerClient;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();
  readonly #asking = new Map<string, Promise<readonly TaggedSecret[]>>();

  constructor(client: SecretsManagerClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  listByTag(tag: string): Promise<readonly TaggedSecret[]> {
    const held = this.#held.get(tag);
    if (held !== undefined && this.#now() - held.at < MAX_AGE_MS) return Promise.resolve(held.secrets);
    const asking = this.#asking.get(tag) ?? this.#ask(tag).finally(() => this.#asking.delete(tag));
    this.#asking.set(tag, asking);
    return asking;
  }

  async #ask(tag: string): Promise<readonly TaggedSecret[]> {
    const found = await this.#list(tag);
    const before = this.#held.get(tag)?.secrets;
    // The very list as before while nothing has changed: what was made of it stays good.
    const secrets = before !== undefined && isEqual(before, found) ? before : found;
    this.#held.set(tag, { at: this.#now(), secrets });
    return secrets;
  }

  /** The filter `tag-key` matches the beginning of a key (API Filter): each secret's tags are looked at again. */
  async #list(tag: string): Promise<readonly TaggedSecret[]> {
    const pages = paginateListSecrets(
      { client: this.#client, pageSize: 100 },
      { Filters: [{ Key: 'tag-key', Values: [tag] }] },
    );
    const found = new Map<string, TaggedSecret>();
    for await (const { SecretList = [] } of pages) {
      for (const entry of SecretList) if (carries(entry, tag)) addTo(found, entry);
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function carries({ Tags = [] }: SecretListEntry, tag: string): boolean {
  return Tags.some(({ Key }) => Key === tag);
}

function addTo(found: Map<string, TaggedSecret>, { Name: name, ARN: arn }: SecretListEntry): void {
  if (name !== undefined && arn !== undefined) found.set(name, { name, arn });
}

function isEqual(a: readonly TaggedSecret[], b: readonly TaggedSecret[]): boolean {
  return a.length === b.length && a.every(({ name, arn }, i) => b[i]?.name === name && b[i]?.arn === arn);
}
