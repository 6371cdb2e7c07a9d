import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';

const AGENT = 'table: slipway\necs: { network: { subnets: [subnet-a] } }\n';
const FLOW = 'flow: etl\nrunConfig:\n  taskDefinition: ../td.yaml\n';
const TEMPLATE = 'containerDefinitions: [{ name: flow, image: etl:1 }]\n';

let folder: string;
let configRef: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-roots-')));
  configRef = join(folder, 'conf/agent.yaml');
  await write('conf/agent.yaml', AGENT);
  await write('conf/flows/etl.yaml', FLOW);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

async function load(settings = {}) {
  return loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
}

async function faults(): Promise<readonly string[]> {
  const loaded = await load();
  return (loaded.ok ? loaded.value.flowFaults : loaded.error).map((fault) =>
    formatFault(fault).replaceAll(`${folder}/`, ''),
  );
}

describe('a link', () => {
  it('to a template inside the places that flows may read is followed', async () => {
    await write('conf/shared/td.yaml', TEMPLATE);
    await symlink(join(folder, 'conf/shared/td.yaml'), join(folder, 'conf/td.yaml'));
    expect(await faults()).toEqual([]);
  });

  it('that leads a template out of them is refused, and nothing of what is there is told', async () => {
    await write('secret.yaml', 'password: hunter2\n');
    await symlink(join(folder, 'secret.yaml'), join(folder, 'conf/td.yaml'));
    expect(await faults()).toEqual([
      'conf/flows/etl.yaml:3:19 "conf/td.yaml" is a link that leads outside the places that flows may read; add its folder or bucket to roots in agent.yaml',
    ]);
  });

  it('that leads a flow out of them is refused', async () => {
    await write('conf/td.yaml', TEMPLATE);
    await write('elsewhere/other.yaml', 'flow: other\n');
    await symlink(join(folder, 'elsewhere/other.yaml'), join(folder, 'conf/flows/other.yaml'));
    expect(await faults()).toEqual([
      'conf/flows/other.yaml "conf/flows/other.yaml" is a link that leads outside the places that flows may read; add its folder or bucket to roots in agent.yaml',
    ]);
  });

  it('is refused on the reload that finds it', async () => {
    await write('conf/td.yaml', TEMPLATE);
    const before = await load();
    if (!before.ok) throw new Error('is good');
    await write('secret.yaml', TEMPLATE);
    await rm(join(folder, 'conf/td.yaml'));
    await symlink(join(folder, 'secret.yaml'), join(folder, 'conf/td.yaml'));
    const after = await before.value.reload();
    expect(after.ok && after.value.flowFaults.map(({ message }) => message)).toEqual([
      expect.stringContaining('is a link that leads outside'),
    ]);
  });

  it('may lead to where roots in agent.yaml says', async () => {
    await write('conf/agent.yaml', `${AGENT}roots: [../shared]\n`);
    await write('shared/td.yaml', TEMPLATE);
    await symlink(join(folder, 'shared/td.yaml'), join(folder, 'conf/td.yaml'));
    expect(await faults()).toEqual([]);
  });

  it('may be the folder of the configuration itself, as volumes of configuration are mounted', async () => {
    await write('conf/td.yaml', TEMPLATE);
    await symlink(join(folder, 'conf'), join(folder, 'mounted'));
    configRef = join(folder, 'mounted/agent.yaml');
    expect(await faults()).toEqual([]);
  });

  it('of the operator may lead anywhere', async () => {
    await write('conf/agent.yaml', AGENT.replace('ecs: {', 'ecs: { taskDefinition: ./own.yaml,'));
    await write('conf/td.yaml', TEMPLATE);
    await write('elsewhere/own.yaml', TEMPLATE);
    await symlink(join(folder, 'elsewhere/own.yaml'), join(folder, 'conf/own.yaml'));
    expect(await faults()).toEqual([]);
  });
});
