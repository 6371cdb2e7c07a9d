/** The fenced blocks of a page that are marked as `sh <mark>`, as one script. */
export function shellScript(page: string, mark: string): string {
  const blocks = page.matchAll(/^```sh (?<mark>\w+)\n(?<body>[\s\S]*?)^```$/gm);
  return [...blocks].flatMap(({ groups = {} }) => (groups.mark === mark ? [groups.body ?? ''] : [])).join('\n');
}
