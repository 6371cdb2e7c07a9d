import { randomBytes } from 'node:crypto';

/** Every place where somebody might put a secret. */
const PLACES = [
  /** A secret of Secrets Manager, as ECS gives it to the container. */
  'secret',
  /** The password inside a secret that is JSON. */
  'secretMember',
  /** A variable of the flow's file. */
  'flowEnv',
  /** A variable of the request. */
  'requestEnv',
  'parameter',
  /** A body that is no request. */
  'body',
  /** A message attribute of SQS. */
  'attribute',
  /** An event that is none. */
  'event',
  /** The token of the agent's HTTP server, a wrong one, and some other header and query of a caller. */
  'token',
  'wrongToken',
  'header',
  'query',
  /** The path of a webhook, and what its body is signed with. */
  'webhookUrl',
  'webhookSecret',
  /** The agent's own AWS credentials. */
  'awsSecret',
  /** On a command line, in a file that a command reads, and in a configuration that is refused. */
  'argument',
  'badFile',
  'badConfig',
] as const;

export type CanaryPlace = (typeof PLACES)[number];

/** A value for each place that nothing else holds, with characters that each encoding writes otherwise. */
export function makeCanaries(): Readonly<Record<CanaryPlace, string>> {
  const entries = PLACES.map((place) => [place, canaryFor(place)]);
  return Object.fromEntries(entries);
}

/** Headers and paths take ASCII only. */
const ASCII_ONLY: ReadonlySet<CanaryPlace> = new Set(['token', 'wrongToken', 'header', 'query', 'webhookUrl']);

function canaryFor(place: CanaryPlace): string {
  const unique = randomBytes(12).toString('hex');
  if (place === 'webhookUrl') return `canary-${unique}~.${unique}`;
  return ASCII_ONLY.has(place) ? `canary"<${unique}>&/+` : `canary"<${unique}>&/+ü`;
}
