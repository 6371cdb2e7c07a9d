/** Reads variables one by one and gathers all that is wrong, so that one start tells everything. An empty one counts as not set. */
export class VariableReader {
  readonly faults: string[] = [];
  readonly #source: Readonly<Record<string, string | undefined>>;

  constructor(source: Readonly<Record<string, string | undefined>>) {
    this.#source = source;
  }

  /** The variable's text; a fault, and an empty text, if it is missing or does not fit. */
  needed(name: string, pattern = /./s, what = 'set'): string {
    const text = this.#source[name] || undefined;
    if (text !== undefined && pattern.test(text)) return text;
    this.faults.push(text === undefined ? `${name} is not set` : misfit(name, what, text));
    return '';
  }

  /** The same for a variable that may be missing. */
  given(name: string, pattern = /./s, what = 'set'): string | undefined {
    const text = this.#source[name] || undefined;
    if (text === undefined || pattern.test(text)) return text;
    this.faults.push(misfit(name, what, text));
    return undefined;
  }
}

function misfit(name: string, what: string, text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `${name} has to be ${what}: ${shown}`;
}
