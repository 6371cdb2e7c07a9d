/** Reads secrets for the `secrets` of a container definition. */
export interface SecretReader {
  /**
   * The value that a `valueFrom` means, or undefined when the secret, the version or the JSON key does not exist.
   *
   * Understood are a secret's ARN, with or without its random suffix, its name, and the form
   * `arn:aws:secretsmanager:region:account:secret:name-AbCdEf:json-key:version-stage:version-id` with empty parts
   * (Amazon ECS Developer Guide, `secrets-envvar-secrets-manager`).
   */
  read(valueFrom: string): string | undefined;
}
