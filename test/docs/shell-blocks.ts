/** A fenced block of a page that is marked as `sh <mark>`. */
export interface ShellBlock {
  readonly mark: string;
  readonly text: string;
}

/** Those blocks of a page, in order. */
export function shellBlocks(page: string): readonly ShellBlock[] {
  const blocks = page.matchAll(/^```sh (?<mark>[\w-]+)\n(?<text>[\s\S]*?)^```$/gm);
  return [...blocks].map(({ groups: { mark = '', text = '' } = {} }) => ({ mark, text }));
}
