import { basename, relative } from 'node:path';

/** How this program is called from the folder, so that what it prints can be pasted: `slipway`, `npx slipway`, `node …`. */
export function programName(script: string, cwd: string): string {
  if (/^main\.[jt]s$/.test(basename(script))) return `node ${relative(cwd, script)}`;
  return script.includes('node_modules') ? 'npx slipway' : 'slipway';
}
