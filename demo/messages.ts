/** A message that the demo sends, and how its run is to end. */
export interface DemoMessage {
  readonly what: string;
  readonly body: string;
  /** Absent for a message that makes no run of its own. */
  readonly run?: ExpectedRun;
}

export interface ExpectedRun {
  readonly runId: string;
  readonly status: string;
  readonly code: string;
}

export const CANCELLED_RUN = 'demo-slow';

const HELLO = request('demo-hello', 'hello', { name: 'Ada' });

export const MESSAGES: readonly DemoMessage[] = [
  succeeds('a JavaScript flow with a parameter', 'demo-hello', HELLO),
  { what: 'the same message once more', body: HELLO },
  succeeds('an ETL of several steps on real data', 'demo-etl', request('demo-etl', 'etl')),
  succeeds('a program in a worker', 'demo-program', request('demo-program', 'program')),
  succeeds('a command in a plain container', 'demo-disk', request('demo-disk', 'disk-report')),
  ends('a flow that fails', 'demo-failing', request('demo-failing', 'failing'), 'FAILED', 'FLOW_FAILED'),
  ends('a run to cancel', CANCELLED_RUN, request(CANCELLED_RUN, 'slow', { seconds: 120 }), 'CANCELLED', 'CANCELLED'),
  ends(
    'a parameter of the wrong type',
    'demo-bad',
    request('demo-bad', 'hello', { name: 7 }),
    'FAILED',
    'INVALID_REQUEST',
  ),
  ends('a flow that nobody has', 'demo-none', request('demo-none', 'helo'), 'FAILED', 'FLOW_NOT_FOUND'),
  { what: 'a malformed message', body: '{"flow": "hello", "parameters": {"name": ' },
  ...['Grace', 'Edsger', 'Barbara', 'Ken', 'Radia'].map((name) => {
    const runId = `demo-hello-${name.toLowerCase()}`;
    return succeeds('the first flow again', runId, request(runId, 'hello', { name }));
  }),
];

function request(runId: string, flow: string, parameters: object = {}): string {
  return JSON.stringify({ flow, runId, parameters, trigger: { source: 'demo' } });
}

function succeeds(what: string, runId: string, body: string): DemoMessage {
  return ends(what, runId, body, 'SUCCEEDED', 'SUCCEEDED');
}

function ends(what: string, runId: string, body: string, status: string, code: string): DemoMessage {
  return { what, body, run: { runId, status, code } };
}
