import type { Finding } from '../doctor/finding.ts';
import { packageVersion } from '../package-version.ts';
import { tableText } from '../print-table.ts';
import { durationText } from '../print-time.ts';
import { printable } from '../printable.ts';
import type { Style } from '../terminal.ts';

/** One line per fact; below them what is wrong, each with what mends it. */
export function bannerText(findings: readonly Finding[], style: Style, tookMs: number): string {
  const facts = findings.filter(({ status }) => status === 'OK');
  const troubles = findings.filter(({ status }) => status !== 'OK');
  return [
    `${style('bold', `slipway agent ${packageVersion()}`)}  node ${process.version.slice(1)} ${process.platform}/${process.arch}  pid ${process.pid}`,
    '',
    tableText(facts.map(({ check, detail }) => ['', style('dim', check), printable(detail)])),
    '',
    ...troubles.flatMap((trouble) => [...troubleLines(trouble, style), '']),
    `Looked around in ${durationText(tookMs)}. Ctrl-C drains; launched runs keep running.`,
  ].join('\n');
}

function troubleLines({ status, check, detail, fix }: Finding, style: Style): readonly string[] {
  const mark = style(status === 'NG' ? 'red' : 'yellow', '!');
  return [`  ${mark} ${check}: ${printable(detail)}`, ...(fix === undefined ? [] : [`    Fix: ${fix}`])];
}
