import { MESSAGES } from '../../demo/messages.ts';

/** A message, and how its run is to end while nothing is denied; without a run for one that makes none of its own. */
export interface Scene {
  readonly body: string;
  readonly run?: { readonly runId: string; readonly status: string; readonly code: string };
  /** Sent when this run has ended; at once if left out. */
  readonly after?: string;
  /** The definition that somebody deregisters before. */
  readonly deregisters?: string;
}

/** The run whose message cannot be put on record at first, so that it is put off. */
export const PUT_OFF_RUN = 'more-put-off';

/** Messages of the demo, and of what people do besides. */
export const SCENES: readonly Scene[] = [
  ...MESSAGES,
  scene({ flow: 'limited', runId: 'more-limited-1' }),
  scene({ flow: 'limited', runId: 'more-limited-2' }),
  scene({ flow: 'wide', runId: 'more-wide', parameters: { text: 'x'.repeat(200_000) } }),
  scene({ flow: 'wide', runId: PUT_OFF_RUN }),
  scene({ flow: 'piped', runId: 'more-piped' }),
  scene({ flow: 'secretive', runId: 'more-secretive' }),
  {
    ...scene({ flow: 'disk-report', runId: 'more-disk' }),
    after: 'demo-disk',
    deregisters: 'slipway-disk-report:1',
  },
  scene({ flow: 'large', runId: 'more-large' }),
  scene({ flow: 'largest', runId: 'more-largest' }),
  {
    body: JSON.stringify({ flow: 'hello', runId: 'more-lost', parametersS3Uri: 's3://slipway/accepted/nowhere.json' }),
    run: { runId: 'more-lost', status: 'FAILED', code: 'INVALID_REQUEST' },
  },
];

function scene(request: { readonly flow: string; readonly runId: string; readonly parameters?: object }): Scene {
  return { body: JSON.stringify(request), run: { runId: request.runId, status: 'SUCCEEDED', code: 'SUCCEEDED' } };
}

/** Some of the scenes, by the runs that they make. */
export function scenesOf(...runIds: readonly string[]): readonly Scene[] {
  return runIds.flatMap((runId) => SCENES.find(({ run }) => run?.runId === runId) ?? []);
}
