import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/service/log.ts';

function logged(words: { readonly error?: string; readonly evidence?: string }): unknown {
  const lines: string[] = [];
  const adviceOn = (said: string) => (said.includes('no permission') ? 'ask for it' : undefined);
  createLog('info', { write: (line) => void lines.push(line) }, {}, adviceOn).warn('it.failed', words);
  return JSON.parse(lines.join(''));
}

describe('a log with advice', () => {
  it('says what mends trouble in the very line that tells of it', () => {
    expect(logged({ error: 'Denied: no permission' })).toMatchObject({
      event: 'it.failed',
      error: 'Denied: no permission',
      fix: 'ask for it',
    });
    expect(logged({ evidence: 'no permission' })).toMatchObject({ fix: 'ask for it' });
  });

  it('adds nothing where nothing is known', () => {
    expect(logged({ error: 'Error: out of luck' })).not.toHaveProperty('fix');
    expect(logged({})).not.toHaveProperty('fix');
  });
});
