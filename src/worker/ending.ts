import type { SecretMask } from './secret-mask.ts';

/** How the user's program ended. */
export type Ending =
  /** It returned, or exited with 0; `json` is what a flow returned. */
  | { readonly kind: 'succeeded'; readonly json?: string }
  | {
      readonly kind: 'failed';
      readonly exitCode: number;
      readonly message: string;
      /** All that is known of why, as far as the program told: its stack, or the end of what it complained. */
      readonly traceback?: string;
    }
  /** It was asked to stop before it had ended: what it said after that proves nothing. */
  | { readonly kind: 'interrupted'; readonly exitCode: number; readonly message: string };

/** A run's record is read by people and has an end. */
const MAX_MESSAGE = 1_000;

export function failed(message: string, exitCode = 1, traceback = ''): Ending {
  const line = message.split('\n', 1)[0] ?? '';
  const head = line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
  return { kind: 'failed', exitCode, message: head, ...(traceback === '' ? {} : { traceback }) };
}

/** The same end, in words without secrets. */
export function maskedEnding(ending: Ending, mask: SecretMask): Ending {
  if (ending.kind === 'succeeded') return ending;
  const { traceback } = ending.kind === 'failed' ? ending : {};
  return {
    ...ending,
    message: mask(ending.message),
    ...(traceback === undefined ? {} : { traceback: mask(traceback) }),
  };
}
