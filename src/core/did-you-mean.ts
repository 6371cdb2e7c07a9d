/** The nearest of the known words, if one is near enough that a slip of the finger explains the difference. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word;
}

/** Insertions, deletions, replacements and swaps of neighbours, each counted as one. */
function editDistance(a: string, b: string): number {
  let above: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = nextRow({ above, row }, a, b, i);
    above = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

interface Rows {
  /** Two rows up: where a swap begins. */
  readonly above: readonly number[];
  readonly row: readonly number[];
}

function nextRow({ above, row }: Rows, a: string, b: string, i: number): readonly number[] {
  const next = [i];
  for (let j = 1; j <= b.length; j += 1) {
    const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
    const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    const swapped = isSwap ? (above[j - 2] ?? 0) + 1 : replaced;
    next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
  }
  return next;
}
