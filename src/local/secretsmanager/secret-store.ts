import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { Journal } from '../journal.ts';
import { type Input, optionalText } from '../read-input.ts';
import type { LocalClock } from '../service.ts';
import type { Secret } from './secret.ts';
import { invalidParameter, markedForDeletion, noSecret } from './secrets-errors.ts';

type SecretChange = { readonly op: 'put'; readonly secret: Secret } | { readonly op: 'drop'; readonly name: string };

type Secrets = Map<string, Secret>;

const SUFFIX_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX_LENGTH = 6;

/** The secrets of the account, found by name or ARN. */
export class SecretStore {
  readonly clock: LocalClock;
  readonly #journal: Journal<Secrets, SecretChange>;
  readonly #arnPrefix: string;

  constructor(options: { stateDir: string | undefined; clock: LocalClock; region: string; accountId: string }) {
    this.clock = options.clock;
    this.#arnPrefix = `arn:aws:secretsmanager:${options.region}:${options.accountId}:secret:`;
    this.#journal = new Journal<Secrets, SecretChange>({
      path: options.stateDir === undefined ? undefined : join(options.stateDir, 'secretsmanager.jsonl'),
      empty: () => new Map(),
      apply,
      snapshot,
    });
  }

  /** All secrets, those marked for deletion included, by name. */
  all(): Secret[] {
    const now = this.clock.now();
    const living = [...this.#journal.state.values()].filter((secret) => !isOver(secret, now));
    return living.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  put(secret: Secret): void {
    this.#journal.change({ op: 'put', secret });
  }

  drop(name: string): void {
    this.#journal.change({ op: 'drop', name });
  }

  /** A name, an ARN, or an ARN without its random suffix (Secrets Manager API, `SecretId`). */
  find(id: string): Secret | undefined {
    const secret = id.startsWith('arn:') ? this.#findArn(id) : this.#journal.state.get(id);
    return secret === undefined || isOver(secret, this.clock.now()) ? undefined : secret;
  }

  /** The secret that a call names, marked for deletion or not. */
  named(input: Input): Secret {
    const secret = this.find(secretIdOf(input));
    if (secret === undefined) throw noSecret();
    return secret;
  }

  /** The secret that a call names, which must not be marked for deletion. */
  active(input: Input): Secret {
    const secret = this.named(input);
    if (secret.deletion !== undefined) throw markedForDeletion();
    return secret;
  }

  /** A new ARN: its suffix is random, so that a secret made again has another one. */
  newArn(name: string): string {
    const suffix = Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]);
    return `${this.#arnPrefix}${name}-${suffix.join('')}`;
  }

  close(): void {
    this.#journal.close();
  }

  #findArn(arn: string): Secret | undefined {
    if (!arn.startsWith(this.#arnPrefix)) return undefined;
    const tail = arn.slice(this.#arnPrefix.length);
    const exact = this.#journal.state.get(tail.slice(0, -(SUFFIX_LENGTH + 1)));
    return exact?.arn === arn ? exact : this.#journal.state.get(tail);
  }
}

export function secretIdOf(input: Input): string {
  const id = optionalText(input, 'SecretId') ?? '';
  if (id === '') throw invalidParameter('The request must contain SecretId.');
  return id;
}

function isOver(secret: Secret, now: number): boolean {
  return secret.deletion !== undefined && secret.deletion.dueAt <= now;
}

function apply(secrets: Secrets, change: SecretChange): void {
  if (change.op === 'put') secrets.set(change.secret.name, change.secret);
  else secrets.delete(change.name);
}

function* snapshot(secrets: Secrets): Iterable<SecretChange> {
  for (const secret of secrets.values()) yield { op: 'put', secret };
}
