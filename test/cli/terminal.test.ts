import { describe, expect, it } from 'vitest';
import { outputLine } from '../../src/cli/output-line.ts';
import { tableText } from '../../src/cli/print-table.ts';
import { durationText } from '../../src/cli/print-time.ts';
import { programName } from '../../src/cli/program-name.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { KeptOutput } from './cli-in-process.ts';

const plain = (_: unknown, text: string) => text;

describe('the terminal', () => {
  it('keeps the live line below what is printed', () => {
    const stdout = new KeptOutput(true);
    const stderr = new KeptOutput(true);
    const terminal = new Terminal({ stdout, stderr, noColor: true, forceColor: false });
    terminal.live('RUNNING 1s');
    terminal.data('a line');
    terminal.live('');
    expect(stdout.text).toBe('a line\n');
    expect(stderr.text.split('\r\u001b[2K')).toEqual(['', 'RUNNING 1s', 'RUNNING 1s', '']);
  });

  it('has no live line where stderr is no terminal', () => {
    const stderr = new KeptOutput();
    new Terminal({ stdout: new KeptOutput(), stderr, noColor: false, forceColor: false }).live('RUNNING 1s');
    expect(stderr.text).toBe('');
  });

  it('ends quietly when nobody reads stdout any more', () => {
    const stdout = new KeptOutput();
    const terminal = new Terminal({ stdout, stderr: new KeptOutput(), noColor: false, forceColor: false });
    stdout.breakPipe();
    terminal.data('to nobody');
    expect(terminal.gone.aborted).toBe(true);
    expect(stdout.text).toBe('');
  });
});

describe('text for people', () => {
  it('aligns columns whatever colours are in them', () => {
    expect(
      tableText([
        ['a', '\u001b[31mred\u001b[39m', 'x'],
        ['long', 'b', 'y'],
      ]),
    ).toBe('a     \u001b[31mred\u001b[39m  x\nlong  b    y');
  });

  it.each([
    [400, '0.4s'],
    [12_900, '12s'],
    [118_000, '1m58s'],
    [7_380_000, '2h03m'],
    [273_600_000, '3d04h'],
  ])('says %i ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('reads the JSON lines of flows, and leaves all others as they are', () => {
    const line = '{"time":"t","level":"warn","event":"slow","runId":"r","attempt":1,"flow":"f","rows":3,"from":"a b"}';
    expect(outputLine(line, plain)).toBe('WARN slow  rows=3  from=a b');
    expect(outputLine('{"event":"done"}', plain)).toBe('done');
    for (const other of ['plain', '{not json', '{"rows":3}', '[1]', '']) expect(outputLine(other, plain)).toBe(other);
  });

  it('calls itself as it was called', () => {
    expect(programName('/home/ada/slipway/dist/cli/main.js', '/home/ada/slipway')).toBe('node dist/cli/main.js');
    expect(programName('/p/node_modules/.bin/slipway', '/p')).toBe('npx slipway');
    expect(programName('/usr/local/bin/slipway', '/p')).toBe('slipway');
  });
});
