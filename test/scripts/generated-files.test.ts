import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../../scripts/generated-files.ts';

describe('the files that our programs print', () => {
  it.each([...generatedFiles()])('%s is what they print now', (path, text) => {
    expect(readFileSync(path, 'utf8') === text, 'npm run files').toBe(true);
  });
});
