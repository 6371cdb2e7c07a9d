/** A YAML block of a page. */
export interface YamlBlock {
  /** The file that it says it is, in a comment on its first line. */
  readonly file: string | undefined;
  readonly text: string;
  /** In the page, of its first line. */
  readonly line: number;
}

/** What stands below one heading. */
export interface DocsSection {
  readonly heading: string;
  readonly blocks: readonly YamlBlock[];
}

/** A heading, or a fenced block as a whole, so that no line within one is taken for a heading. */
const PARTS =
  /^#{1,6} (?<heading>.*)$|^[ \t]*(?<fence>`{3,}|~{3,})(?<info>[^\n]*)\n(?<body>[\s\S]*?)^[ \t]*\k<fence>[ \t]*$/gm;

/** The sections of a page that have YAML in them. */
export function yamlSections(page: string): readonly DocsSection[] {
  const sections: { heading: string; blocks: YamlBlock[] }[] = [{ heading: '', blocks: [] }];
  for (const { index, groups = {} } of page.matchAll(PARTS)) {
    const { heading, info = '', body = '' } = groups;
    if (heading !== undefined) sections.push({ heading, blocks: [] });
    else if (/^ya?ml\b/i.test(info.trim())) sections.at(-1)?.blocks.push(blockOf(body, lineAt(page, index) + 1));
  }
  return sections.filter(({ blocks }) => blocks.length > 0);
}

function lineAt(page: string, offset: number): number {
  return page.slice(0, offset).split('\n').length;
}

function blockOf(text: string, line: number): YamlBlock {
  return { file: /^#\s*(\S+\.(?:ya?ml|json))\s*$/m.exec(text.split('\n')[0] ?? '')?.[1], text, line };
}
