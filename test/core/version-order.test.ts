import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, latestVersion } from '../../src/core/version-order.ts';

/** From low to high; the pre-releases are those of semver.org, 11.4. */
const ASCENDING = [
  'feature-x',
  'main',
  '0.9',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.2',
  'v1.10.0',
  '2',
  '10.0.0+build.5',
];

describe('compareVersions', () => {
  it('orders versions by their numbers, then pre-releases, and words before all', () => {
    expect([...ASCENDING].reverse().sort(compareVersions)).toEqual(ASCENDING);
  });

  it('is an order: the same in both directions, and transitive', () => {
    const version = fc.oneof(
      fc.constantFrom(...ASCENDING),
      fc.string({ maxLength: 6 }),
      fc.stringMatching(/^\d{1,2}(\.\d{1,2}){0,2}(-[a-c1-9]{1,2}(\.[a-c1-9]{1,2})?)?$/),
    );
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        const [low = '', mid = '', high = ''] = [a, b, c].sort(compareVersions);
        expect(compareVersions(low, mid)).toBeLessThanOrEqual(0);
        expect(compareVersions(low, high)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('latestVersion', () => {
  it('is the highest version, and undefined where there are only names of branches', () => {
    expect(latestVersion(ASCENDING)).toBe('10.0.0+build.5');
    expect(latestVersion(['1.9.0', '1.10.0-rc.1', '1.2.0'])).toBe('1.10.0-rc.1');
    expect(latestVersion(['main', 'dev'])).toBeUndefined();
    expect(latestVersion([])).toBeUndefined();
  });
});
