/** `1`, `1.4`, `1.4.0`, `1.4.0-rc.1`, `1.4.0+build`; a leading v is part of no number. */
const VERSION = /^v?(\d{1,15}(?:\.\d{1,15}){0,2})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Orders versions as semver.org says, missing numbers being 0: negative when `a` is lower. Words that are no such version (the
 * name of a branch) are lower than any that is, and have the order of their letters.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [VERSION.exec(a), VERSION.exec(b)];
  if (left === null || right === null) return compareMissing(left === null, right === null) || compareText(a, b);
  const numbers = compareLists(numbersOf(left[1]), numbersOf(right[1]));
  return numbers || comparePreReleases(left[2], right[2]) || compareText(a, b);
}

/** The version that `latest` means: the highest that is one; a branch's name never is. */
export function latestVersion(versions: readonly string[]): string | undefined {
  return versions.filter((version) => VERSION.test(version)).reduce<string | undefined>(higher, undefined);
}

function higher(highest: string | undefined, version: string): string {
  return highest === undefined || compareVersions(version, highest) > 0 ? version : highest;
}

function numbersOf(text = ''): readonly number[] {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
}

/** One without a pre-release is higher than one with (semver.org, 11.3). */
function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return compareMissing(b === undefined, a === undefined);
  return compareLists(identifiersOf(a), identifiersOf(b));
}

function identifiersOf(text: string): readonly (string | number)[] {
  return text.split('.').map((word) => (/^\d+$/.test(word) ? Number(word) : word));
}

/** Part by part; of two that begin alike the longer one is higher, and a number is lower than a word (semver.org, 11.4). */
function compareLists(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareParts(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareMissing(typeof a === 'number', typeof b === 'number') || compareText(String(a), String(b));
}

/** What lacks something is lower. */
function compareMissing(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
