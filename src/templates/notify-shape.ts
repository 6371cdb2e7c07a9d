import { z } from 'zod';
import { isFailureCode } from '../core/failure-codes.ts';
import { duration, text } from './shapes.ts';

/** Who is told of the end of runs: sinks with their rules in agent.yaml, and a flow's own rules, which name sinks only. */

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const DEFAULT_THROTTLE_MS = 15 * 60_000;

const finalStatus = z.enum(['SUCCEEDED', 'FAILED', 'CRASHED', 'CANCELLED', 'EXPIRED']);
/** `recovered`: it has succeeded, and the run of the flow before it had not. */
const when = z.array(z.enum([...finalStatus.options, 'recovered'])).default(['FAILED', 'CRASHED', 'EXPIRED']);

/** Only ends for these reasons; for any if left out. */
const codes = z
  .array(z.string().refine(isFailureCode, 'has to be a code that runs end with: docs/failures lists them'))
  .min(1)
  .optional();

const sinkName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'has to be 1 to 64 letters, digits, "-" or "_"');

/** What is posted may be private, and so is the address: TLS always, but on this machine. */
const webhook = z
  .string()
  .refine(isSafeUrl, 'has to be an https:// address without a password; http:// only for localhost');
const absoluteFile = z.string().regex(/^\//, 'has to be an absolute path');

const rules = {
  name: sinkName.optional(),
  when,
  codes,
  flows: z.array(text.max(200)).default(['*']),
  throttle: duration.default(DEFAULT_THROTTLE_MS),
};

const address = { webhook: webhook.optional(), webhookFile: absoluteFile.optional() };

const agentRule = z.discriminatedUnion(
  'to',
  [
    z.strictObject({ ...rules, ...address, to: z.literal('slack') }),
    z.strictObject({
      ...rules,
      ...address,
      to: z.literal('webhook'),
      secret: z.string().min(16, 'has to be 16 characters or more').optional(),
      secretFile: absoluteFile.optional(),
    }),
    z.strictObject({
      ...rules,
      to: z.literal('sns'),
      topic: z.string().regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[A-Za-z0-9_.-]+$/, 'has to be the ARN of a topic'),
    }),
    z.strictObject({ ...rules, to: z.literal('command'), command: z.array(text).min(1) }),
  ],
  { error: 'has to be slack, webhook, sns or command' },
);

/** `notify` of agent.yaml. */
export const agentNotify = z.array(agentRule).superRefine((sinks, context) => {
  const seen = new Set<string>();
  for (const [index, sink] of sinks.entries()) {
    const fault =
      addressFault(sink) ?? (seen.has(nameOfSink(sink)) ? `has the name of another: ${nameOfSink(sink)}` : undefined);
    seen.add(nameOfSink(sink));
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: [index] });
  }
});

/** `notify` of a flow: a flow's author says when, and whom of those that agent.yaml knows; never an address or a command. */
export const flowNotify = z.array(z.strictObject({ when, codes, to: sinkName }));

export type NotifySink = z.output<typeof agentRule>;
export type FlowNotify = z.output<typeof flowNotify>;

/** The name of a sink; what it is, if it has none. */
export function nameOfSink({ name, to }: Pick<NotifySink, 'name' | 'to'>): string {
  return name ?? to;
}

function addressFault(sink: NotifySink): string | undefined {
  if (sink.to !== 'slack' && sink.to !== 'webhook') return undefined;
  if ((sink.webhook === undefined) === (sink.webhookFile === undefined))
    return 'needs webhook or webhookFile, one of them';
  if (sink.to === 'slack' || (sink.secret === undefined) !== (sink.secretFile === undefined)) return undefined;
  return 'needs secret or secretFile, one of them: what is sent is signed with it';
}

/** Whether secrets may be sent to this address. */
export function isSafeUrl(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { protocol, hostname, username, password } = new URL(written);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}
