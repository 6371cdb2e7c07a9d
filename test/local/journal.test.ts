import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProgram, tsx } from './child-program.ts';
import { openNotes } from './counting-journal.ts';
import { temporaryFolder } from './temporary-folder.ts';

const WRITER = join(import.meta.dirname, 'journal-writer.ts');
const MIB = 1024 * 1024;

describe('a journal', () => {
  it('has the same state when it is opened again', () => {
    const path = join(temporaryFolder(), 'new/folder/notes.jsonl');
    const { journal } = openNotes(path);
    journal.change({ key: 'a', value: '1' });
    journal.change({ key: 'a', value: '2' }, { key: 'b', value: 'line\nbreak' });
    journal.close();
    expect([...openNotes(path).journal.state]).toEqual([
      ['a', '2'],
      ['b', 'line\nbreak'],
    ]);
  });

  it('keeps nothing on disk when it has no path', () => {
    const { journal } = openNotes(undefined);
    journal.change({ key: 'a', value: '1' });
    journal.close();
    expect(journal.state.get('a')).toBe('1');
    expect(openNotes(undefined).journal.state.size).toBe(0);
  });

  it('drops a last line that was cut off, at whatever byte, and writes on after the line before', () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    const first = openNotes(path);
    first.journal.change({ key: 'a', value: '1' });
    const whole = statSync(path).size;
    first.journal.change({ key: 'b', value: 'ü' }, { key: 'c', value: '3' });
    first.journal.close();
    const full = readFileSync(path);
    for (let cut = whole; cut < full.length; cut += 1) {
      writeFileSync(path, full.subarray(0, cut));
      const { journal } = openNotes(path);
      expect([...journal.state.keys()]).toEqual(['a']);
      journal.change({ key: 'd', value: '4' });
      journal.close();
      expect([...openNotes(path).journal.state.keys()]).toEqual(['a', 'd']);
    }
  });

  it('does not take a damaged line in the middle for the end, and says where it is', () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    const { journal } = openNotes(path);
    journal.change({ key: 'a', value: '1' });
    journal.close();
    const good = statSync(path).size;
    appendFileSync(path, '{"half\n[{"key":"b","value":"2"}]\n');
    expect(() => openNotes(path)).toThrow(`notes.jsonl is damaged: the line at byte ${good} is not JSON`);
  });

  it('refuses changes after it was closed, for they would be lost', () => {
    const { journal } = openNotes(join(temporaryFolder(), 'notes.jsonl'));
    journal.close();
    expect(() => journal.change({ key: 'a', value: '1' })).toThrow('is closed');
    expect(journal.state.size).toBe(0);
  });

  it('loses no acknowledged change when its process is killed', async () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    for (const until of [50, 500, 3000]) {
      const writer = startProgram(tsx(WRITER, path));
      let acknowledged = -1;
      for await (const line of writer.lines) {
        acknowledged = Number(line);
        if (acknowledged >= until) break;
      }
      await writer.kill();
      const { journal } = openNotes(path);
      expect(Number(journal.state.get('last'))).toBeGreaterThanOrEqual(acknowledged);
      journal.close();
      truncateSync(path, 0);
    }
  });

  it('loses no acknowledged change when its process is killed among compactions of the file', async () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    const writer = startProgram(tsx(WRITER, path, '2000'));
    let acknowledged = -1;
    for await (const line of writer.lines) {
      acknowledged = Number(line);
      if (acknowledged >= 17_000) break;
    }
    await writer.kill();
    const { journal } = openNotes(path);
    expect(Number(journal.state.get('last'))).toBeGreaterThanOrEqual(acknowledged);
    expect(journal.state.size).toBe(5001);
  });

  it('is whole, and without the refused change, when the disk takes no more', async () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    const command = tsx(WRITER, path, '300').map((word) => `'${word}'`);
    const writer = startProgram(['bash', '-c', `ulimit -f 64; exec ${command.join(' ')}`]);
    const lines: string[] = [];
    for await (const line of writer.lines) lines.push(line);
    await writer.ended();
    expect(lines.at(-1)).toBe('refused EFBIG');
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    const { journal } = openNotes(path);
    expect(journal.state.get('last')).toBe(lines.at(-2));
  });
});

describe('the compaction of a journal', () => {
  it('makes a file small again that is full of changes of the same thing', () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    const { journal, snapshots } = openNotes(path);
    for (let n = 0; n < 33; n += 1) journal.change({ key: 'a', value: `${n}${'v'.repeat(MIB / 2)}` });
    expect(snapshots()).toBe(1);
    expect(statSync(path).size).toBeLessThan(2 * MIB);
    journal.change({ key: 'b', value: 'after' });
    journal.close();
    const again = openNotes(path).journal.state;
    expect(again.get('a')?.startsWith('32')).toBe(true);
    expect(again.get('b')).toBe('after');
  });

  it('is not repeated at every change when the state itself is large', () => {
    const path = join(temporaryFolder(), 'notes.jsonl');
    const { journal, snapshots } = openNotes(path);
    for (let n = 0; n < 20; n += 1) journal.change({ key: String(n), value: 'v'.repeat(MIB) });
    expect(snapshots()).toBe(1);
    for (let n = 0; n < 500; n += 1) journal.change({ key: 'small', value: String(n) });
    expect(snapshots()).toBe(1);
    journal.close();
    const again = openNotes(path);
    expect(again.journal.state.size).toBe(21);
    for (let n = 0; n < 100; n += 1) again.journal.change({ key: 'small', value: `again ${n}` });
    expect(again.snapshots()).toBe(1);
  });
});
