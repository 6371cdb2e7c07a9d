import { FAILURE_CODES, type FailureCode, isFailureCode } from '../src/core/failure-codes.ts';
import { STOP_CODES, STOP_REASONS } from '../src/core/stop-reasons.ts';
import { FAILURE_GUIDANCE, type Guidance } from './failure-guidance.ts';

const FOLDER = 'docs/failures';

const RETRY_WORDS = {
  infrastructure: 'retried, by `retries.CRASHED` of the flow',
  flow: 'retried if the flow says so',
  never: 'not retried',
} as const;

/** docs/failures: a page for each code that a run's reason can carry, and the list of them. */
export function failurePages(): ReadonlyMap<string, string> {
  const codes = Object.keys(FAILURE_CODES).filter(isFailureCode);
  const pages = codes.map((code): [string, string] => [`${FOLDER}/${code}.md`, page(code)]);
  return new Map([[`${FOLDER}/README.md`, overview(codes)], ...pages]);
}

function page(code: FailureCode): string {
  const { meaning, steps, end }: Guidance = FAILURE_GUIDANCE[code];
  const rows = rowsOf(code);
  return [
    `# ${code}`,
    '',
    meaning,
    '',
    `**In short:** ${FAILURE_CODES[code].advice}`,
    '',
    '## What becomes of the run',
    '',
    ...(end === undefined ? [] : [end, '']),
    ...(rows.length === 0 ? [] : [...rows, '']),
    '## What to do',
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    '',
  ].join('\n');
}

/** The rows of the table by which stopped tasks are judged. */
function rowsOf(code: FailureCode): readonly string[] {
  const reasons = STOP_REASONS.filter((reason) => reason.code === code).map(
    ({ match, status, retry, message }) => [`\`${cell(match.source)}\``, status, RETRY_WORDS[retry], message] as const,
  );
  const codes = Object.entries(STOP_CODES)
    .filter(([, reason]) => reason.code === code)
    .map(([name, { status, retry, message }]) => [`stop code ${name}`, status, RETRY_WORDS[retry], message] as const);
  const rows = [...reasons, ...codes].map((cells) => `| ${cells.join(' | ')} |`);
  return rows.length === 0 ? [] : ["| ECS's words match | ends as | then | we say |", '|---|---|---|---|', ...rows];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function overview(codes: readonly FailureCode[]): string {
  return [
    '# Why runs end',
    '',
    'Every run that has ended carries a reason: a code, a message, and the evidence in AWS’s own words. `slipway runs get <run>`',
    'shows it. Each code has a page here; the pages are made from the tables that the agent judges by (`npm run files`).',
    '',
    '| code | in short |',
    '|---|---|',
    ...codes.map((code) => `| [${code}](${code}.md) | ${FAILURE_CODES[code].advice} |`),
    '',
  ].join('\n');
}
