import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deterministicZip } from '../../../src/agent/deterministic-zip.ts';
import { createDynamoDbClient } from '../../../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../../../src/aws/create-s3-client.ts';
import { tableSchema } from '../../../src/aws/table-schema.ts';
import { readEnv } from '../../../src/cli/env.ts';
import { readArtifact } from '../../../src/cli/flows/read-artifact.ts';
import type { LocalAws } from '../../../src/local/start-local-aws.ts';
import { runInProcess } from '../cli-in-process.ts';
import { emptyFolder, type Folder } from '../cli-process.ts';
import { localEnv, startServer } from '../local-server.ts';

let aws: LocalAws;
let folder: Folder;

beforeAll(async () => {
  aws = await startServer();
  folder = await emptyFolder();
  const options = { region: 'us-east-1', endpoint: aws.url };
  const client = createDynamoDbClient(options);
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  client.destroy();
  const s3 = createS3Client(options);
  await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
  s3.destroy();
  const ecs = 'ecs: { image: slipway-worker:1, network: { subnets: [subnet-a] } }';
  await folder.write('agent.yaml', `table: slipway\nbucket: s3://slipway/prod\n${ecs}\n`);
  await folder.write('flows/sales.yaml', 'flow: sales\nversion: "3"\ndescription: From a file.\n');
  await folder.write('flows/night.yaml', 'flow: night\n');
});
afterAll(async () => {
  await aws.stop();
  await folder.remove();
});

/** A flow of two steps, by its version. */
function flowText(version: string, over = ''): string {
  return `import { flow } from 'slipway/sdk';
export default flow('sales', { version: '${version}', description: 'Adds up sales.', ${over}
  parameters: { type: 'object', properties: { day: { type: 'string' } } } }, (step) => {
  const rows = step('read', { retries: 2 }, () => [1, 2]);
  return step('sum', { mapOver: rows }, ({ item }) => item);
});
`;
}

/** The graph in an artifact of the folder, as text. */
async function specOf(name: string): Promise<string> {
  const read = await readArtifact(await readFile(`${folder.path}/${name}`));
  return read.ok ? read.value.specText : read.error;
}

const slipway = (...argv: string[]) =>
  runInProcess(argv, { cwd: folder.path, env: readEnv({ ...localEnv(aws), USER: 'ada' }) });

describe('slipway flows', () => {
  it('build writes an artifact, and says what to do with it', async () => {
    await folder.write('sales.ts', flowText('1.4.0'));
    const built = await slipway('flows', 'build', 'sales.ts', '-o', 'out/artifact.zip', '--json');
    expect(built).toMatchObject({ exitCode: 0 });
    expect(built.stderr).toContain('✔ built sales 1.4.0  2 steps');
    expect(JSON.parse(built.stdout)).toMatchObject({
      flow: 'sales',
      version: '1.4.0',
      path: expect.stringContaining('out/artifact.zip'),
    });
    const plain = await slipway('flows', 'build', 'sales.ts');
    expect(plain.stdout).toBe(`${folder.path}/sales-1.4.0.zip\n`);
  });

  it('publish puts the artifact into the bucket under its hash, then the flow on record', async () => {
    const published = await slipway('flows', 'publish', 'out/artifact.zip', '-o', 'json');
    expect(published.exitCode, published.stderr).toBe(0);
    const { artifactS3Uri, sha256, outcome } = JSON.parse(published.stdout);
    expect(outcome).toBe('published');
    expect(artifactS3Uri).toBe(`s3://slipway/prod/artifacts/sales/${sha256}/flow.zip`);
    const s3 = createS3Client({ region: 'us-east-1', endpoint: aws.url });
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: 'slipway', Key: artifactS3Uri.slice('s3://slipway/'.length) }),
    );
    const bytes = await Body?.transformToByteArray();
    expect(
      createHash('sha256')
        .update(bytes ?? '')
        .digest('hex'),
    ).toBe(sha256);
    s3.destroy();
  });

  it('publish says when nothing has changed, and refuses other content for a version', async () => {
    const again = await slipway('flows', 'publish', 'sales.ts');
    expect(again).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('is published already, unchanged: sales 1.4.0'),
    });
    await folder.write('changed.ts', flowText('1.4.0').replace('[1, 2]', '[3]'));
    const other = await slipway('flows', 'publish', 'changed.ts');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(/sales 1\.4\.0 was published at .* with other content/);
    expect(other.stderr).toContain('--replace');
    expect((await slipway('flows', 'publish', 'changed.ts', '--replace')).exitCode).toBe(0);
  });

  it('publish takes how a flow is to be run from a file, and refuses what no agent could do', async () => {
    await folder.write('newer.ts', flowText('1.10.0'));
    await folder.write('settings.yaml', 'runConfig: { cpu: 2048, memory: 4096 }\nretries: { FAILED: { max: 2 } }\n');
    expect((await slipway('flows', 'publish', 'newer.ts', '--settings', 'settings.yaml')).exitCode).toBe(0);
    const { stdout } = await slipway('flows', 'get', 'sales@1.10.0', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      version: '1.10.0',
      settings: { runConfig: { cpu: 2048, memory: 4096 } },
      spec: { steps: [{ name: 'read' }, { name: 'sum', mapOver: 'read' }] },
    });
    await folder.write('wrong.yaml', 'version: "2"\nrunConfig: { imgae: x, taskDefinition: ./td.yaml }\n');
    const wrong = await slipway('flows', 'validate', 'newer.ts', '--settings', 'wrong.yaml');
    expect(wrong.exitCode).toBe(3);
    expect(wrong.stderr).toContain('version may not be set here: the artifact says the version');
    expect(wrong.stderr).toContain('taskDefinition names a file');
  });

  it('ls tells what each name means now: a YAML file before what is published', async () => {
    await folder.write('other.ts', flowText('0.1.0').replace("'sales'", "'costs'"));
    await slipway('flows', 'publish', 'other.ts');
    const { stdout } = await slipway('flows', 'ls', '-o', 'json');
    const listed: readonly Record<string, unknown>[] = JSON.parse(stdout);
    expect(listed.map(({ flow, version, source }) => [flow, version, source])).toEqual([
      ['costs', '0.1.0', 'published'],
      ['night', '1', 'yaml'],
      ['sales', '3', 'yaml'],
    ]);
    const all = JSON.parse((await slipway('flows', 'ls', '--flow', 'sales', '-o', 'json')).stdout);
    expect(all.map(({ version, latest }: Record<string, unknown>) => [version, latest])).toEqual([
      ['3', true],
      ['1.10.0', false],
      ['1.4.0', false],
    ]);
    expect((await slipway('flows', 'ls')).stdout).toMatch(/costs +0\.1\.0 +published .* Adds up sales\./);
  });

  it('get and graph find a version, and say what there is when it is not', async () => {
    const { stdout } = await slipway('flows', 'get', 'sales@1.4.0');
    expect(stdout).toContain('sales  version 1.4.0');
    expect(stdout).toContain('sum × n');
    const written = await slipway('flows', 'get', 'sales', '-o', 'json');
    expect(JSON.parse(written.stdout)).toMatchObject({ source: 'yaml', version: '3', description: 'From a file.' });
    expect((await slipway('flows', 'get', 'sales')).stdout).toMatch(/file +\S*flows\/sales\.yaml/);
    expect(await slipway('flows', 'get', 'sales@7')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('published are 1.10.0, 1.4.0'),
    });
    expect(await slipway('flows', 'graph', 'slaes')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('did you mean "sales"?'),
    });
    expect((await slipway('flows', 'graph', 'sales', '-o', 'dot')).stdout).toContain('"read" -> "sum" [label="each"];');
    expect((await slipway('flows', 'graph', 'sales.ts')).stdout).toContain('sales 1.4.0\n');
  });

  it('can be rendered and explained once they are published, as those of YAML files', async () => {
    const { exitCode, stdout, stderr } = await slipway('render', 'costs', '-o', 'json');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/s3:\/\/slipway\/prod\/artifacts\/costs\/[0-9a-f]{64}\/flow\.zip/);
    expect((await slipway('render', 'csots')).stderr).toContain('there is no flow "csots"');
  });

  it('validate tells what is wrong as JSON, with the place in the author’s file', async () => {
    await folder.write('bad.ts', 'export default ;');
    const { exitCode, stdout } = await slipway('flows', 'validate', 'bad.ts', '-o', 'json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, faults: [{ line: 1, message: 'Unexpected ";"' }] });
    expect(await slipway('flows', 'validate', 'sales.ts')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^✔ valid: sales 1\.4\.0, 2 steps/),
    });
  });

  it('refuse an artifact that was changed after it was built, or is none', async () => {
    const bytes = await readFile(`${folder.path}/out/artifact.zip`);
    const at = bytes.indexOf('[1, 2]');
    bytes.write('[1, 3]', at);
    await writeFile(`${folder.path}/changed.zip`, bytes);
    const changed = await slipway('flows', 'publish', 'changed.zip');
    expect(changed).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('has been changed since it was built'),
    });
    const named = JSON.stringify({ ...JSON.parse(await specOf('sales-1.4.0.zip')), flow: '../../other' });
    const files = [
      { name: 'flow_spec.json', bytes: Buffer.from(named) },
      { name: 'metadata.json', bytes: Buffer.from('{}') },
    ];
    await writeFile(`${folder.path}/named.zip`, await deterministicZip(files));
    expect((await slipway('flows', 'publish', 'named.zip')).stderr).toContain('flow_spec.json: flow');
    await folder.write('text.zip', 'no zip');
    expect((await slipway('flows', 'publish', 'text.zip')).stderr).toContain('is no zip that can be read');
  });
});
