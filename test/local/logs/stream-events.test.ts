import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StreamEvents } from '../../../src/local/logs/stream-events.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function event(message: string, timestamp = 1) {
  return { message, timestamp, ingestedAt: 2 };
}

function messagesOf(path: string): string[] {
  return new StreamEvents(path).all().map(({ message }) => message);
}

describe('the events of a stream', () => {
  it('drop a last line that was cut off, at whatever byte, and go on after the line before', () => {
    const path = join(temporaryFolder(), '1.jsonl');
    new StreamEvents(path).append([event('first')]);
    const whole = readFileSync(path).length;
    new StreamEvents(path).append([event('zweiter grün'), event('third')]);
    const full = readFileSync(path);
    expect(messagesOf(path)).toEqual(['first', 'zweiter grün', 'third']);
    for (let cut = whole; cut < full.length; cut += 1) {
      writeFileSync(path, full.subarray(0, cut));
      new StreamEvents(path).append([event('next')]);
      expect(messagesOf(path)).toEqual(['first', 'next']);
    }
  });

  it('are in the order of their times, and of their arrival when the times are equal', () => {
    const events = new StreamEvents(undefined);
    events.append([event('b', 5), event('c', 5)]);
    events.append([event('a', 1), event('d', 5)]);
    expect(events.all().map(({ message }) => message)).toEqual(['a', 'b', 'c', 'd']);
  });
});
