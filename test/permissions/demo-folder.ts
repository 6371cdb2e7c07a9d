import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runInProcess } from '../cli/cli-in-process.ts';

/** The account of local AWS. */
export const ACCOUNT = '000000000000';

const EXAMPLES_ACCOUNT = '123456789012';

/** What agent.yaml only tells of. */
const AGENT = `
notify:
  - { to: sns, topic: "arn:aws:sns:us-east-1:${ACCOUNT}:alerts" }
housekeeping:
  definitions: { keep: 1 }
  retention: { days: 30 }
`;

/** What the demo has no example of, and people use all the same. */
const FLOWS: Readonly<Record<string, string>> = {
  'limited.yaml': `
flow: limited
version: "1"
concurrency: { limit: 1, key: demo }
runConfig: { image: busybox, command: ["true"] }
`,
  'wide.yaml': `
flow: wide
version: "1"
runConfig: { image: busybox, command: ["true"] }
`,
  'piped.yaml': `
flow: piped
version: "1"
pipes: logs
runConfig:
  image: busybox
  command:
    - echo
    - '{"__dagster_pipes_version": "0.1", "method": "report_custom_message", "params": {"payload": 7}}'
`,
  'secretive.yaml': `
flow: secretive
version: "1"
runConfig:
  image: busybox
  command: ["true"]
  secrets: { PASSWORD: "$SECRET" }
`,
  'large.yaml': `
flow: large
version: "1"
artifact: ./large.mjs
`,
  'largest.yaml': `
flow: largest
version: "1.0.0"
artifact: ./largest.zip
`,
  'large.mjs': `
export default async () => 'x'.repeat(500_000);
`,
};

/** Writes the demo's configuration for local AWS, with its flows and some more; returns the path of agent.yaml. */
export async function writeDemoFolder(secretArn: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-permissions-'));
  // The example that runs by itself would be one run more than anybody counts.
  const isWanted = (path: string): boolean => !path.endsWith('heartbeat.yaml');
  cpSync(resolve('config'), folder, { recursive: true, filter: isWanted });
  for (const name of ['agent.yaml', 'task-definition.yaml', 'flows/program.yaml']) {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll(EXAMPLES_ACCOUNT, ACCOUNT);
    writeFileSync(join(folder, name), text.replaceAll('s3://acme-slipway', 's3://slipway'));
  }
  appendFileSync(join(folder, 'agent.yaml'), AGENT);
  for (const [name, text] of Object.entries(FLOWS)) {
    writeFileSync(join(folder, 'flows', name), text.replace('$SECRET', secretArn));
  }
  cpSync(await builtFlow(), join(folder, 'flows/largest.zip'));
  return join(folder, 'agent.yaml');
}

let built: Promise<string> | undefined;

/** The demo's flow of steps, built once for all folders. */
function builtFlow(): Promise<string> {
  built ??= buildFlow(join(mkdtempSync(join(tmpdir(), 'slipway-permissions-built-')), 'largest.zip'));
  return built;
}

async function buildFlow(out: string): Promise<string> {
  const [module, data] = [resolve('config/flows/largest.mjs'), resolve('config/flows/etl/countries.csv')];
  const { exitCode, stderr } = await runInProcess(['flows', 'build', module, '--include', data, '-o', out]);
  if (exitCode !== 0) throw new Error(`slipway flows build ended with ${exitCode}: ${stderr}`);
  process.once('exit', () => rmSync(dirname(out), { recursive: true, force: true }));
  return out;
}
