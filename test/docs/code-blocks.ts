/** A fenced block of a page. */
export interface CodeBlock {
  /** `ts`, `sh` … */
  readonly language: string;
  /** The file that it says it is, in a comment on its first line; that line is not in the text. */
  readonly file: string | undefined;
  readonly text: string;
}

const BLOCK = /^```(?<language>[a-z]+)\n(?<body>[\s\S]*?)^```$/gm;

/** The fenced blocks of a page that name their language. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(BLOCK)].map(({ groups = {} }) => {
    const { language = '', body = '' } = groups;
    const file = /^(?:\/\/|#) (\S+\.\w+)\n/.exec(body)?.[1];
    return { language, file, text: file === undefined ? body : body.slice(body.indexOf('\n') + 1) };
  });
}
