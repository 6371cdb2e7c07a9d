import { beforeEach, describe, expect, it } from 'vitest';
import { type AcceptDeps, acceptMessage } from '../../src/runs/accept-message.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';

const files = new MemoryFileStore();
let deps: AcceptDeps;

beforeEach(() => {
  deps = {
    store: new MemoryRunStore(),
    files,
    bucket: 's3://bucket/prefix',
    now: () => 1_800_000_000_000,
    by: 'agent-1',
  };
});

function accept(body: string, messageId = 'm-1') {
  return acceptMessage(deps, { messageId, body, receipt: 'r', receiveCount: 1, sentAt: 0 });
}

describe('a message', () => {
  it('becomes a queued run', async () => {
    expect(await accept('{"flow":"etl"}')).toMatchObject({
      kind: 'accepted',
      isNew: true,
      run: { status: 'QUEUED', attempt: 1, request: { flow: 'etl' } },
    });
  });

  it('delivered twice makes one run', async () => {
    const first = await accept('{"flow":"etl"}');
    const second = await accept('{"flow":"etl"}');
    expect(second).toMatchObject({ kind: 'accepted', isNew: false, run: { runId: first.run.runId } });
  });

  it('sent twice with one idempotency key makes one run', async () => {
    const first = await accept('{"flow":"etl","idempotencyKey":"2026-10-01"}', 'm-1');
    const second = await accept('{"flow":"etl","idempotencyKey":"2026-10-01"}', 'm-2');
    expect(second).toMatchObject({ isNew: false, run: { runId: first.run.runId } });
  });

  it('says the same in another order of its keys', async () => {
    await accept('{"flow":"etl","runId":"r1","priority":1}', 'm-1');
    expect(await accept('{"priority":1,"runId":"r1","flow":"etl"}', 'm-2')).toMatchObject({
      kind: 'accepted',
      isNew: false,
    });
  });

  it('has the priority of its queue unless it says one, and is the same wish on each queue', async () => {
    const fromUrgent = { ...deps, priority: 5 };
    const message = { receipt: 'r', receiveCount: 1, sentAt: 0 };
    const said = await acceptMessage(fromUrgent, { ...message, messageId: 'm-1', body: '{"flow":"etl","priority":0}' });
    expect(said.run.request.priority).toBe(0);
    const body = '{"flow":"etl","runId":"r1"}';
    const first = await acceptMessage(fromUrgent, { ...message, messageId: 'm-2', body });
    expect(first.run.request.priority).toBe(5);
    expect(await accept(body, 'm-3')).toMatchObject({ kind: 'accepted', isNew: false });
  });

  it('with the id of another wish is rejected, and the first wish stands', async () => {
    await accept('{"flow":"etl","runId":"r1"}', 'm-1');
    expect(await accept('{"flow":"other","runId":"r1"}', 'm-2')).toMatchObject({
      kind: 'rejected',
      run: { status: 'FAILED', reason: { code: 'RUN_ID_REUSED' } },
    });
    expect(await deps.store.get('r1')).toMatchObject({ status: 'QUEUED', request: { flow: 'etl' } });
  });

  it('that cannot be read is a FAILED run which keeps the body and says what is wrong with it', async () => {
    expect(await accept('{"flow":')).toMatchObject({
      kind: 'rejected',
      run: { status: 'FAILED', reason: { code: 'INVALID_REQUEST', evidence: '{"flow":' } },
    });
  });

  it('rejected twice leaves one record', async () => {
    const first = await accept('nonsense');
    const second = await accept('nonsense');
    expect(second.run.runId).toBe(first.run.runId);
  });

  it('may wait for its time', async () => {
    const { run } = await accept('{"flow":"etl","notBefore":"2030-01-01T00:00:00Z"}');
    expect(run).toMatchObject({ status: 'QUEUED', notBefore: Date.UTC(2030, 0, 1) });
  });

  it('with more parameters than a record holds has them put in S3', async () => {
    const parameters = { text: 'x'.repeat(200_000) };
    const { run } = await accept(JSON.stringify({ flow: 'etl', runId: 'big', parameters }));
    const uri = run.request.parametersS3Uri ?? '';
    expect(uri).toMatch(/^s3:\/\/bucket\/prefix\/accepted\/big\//);
    expect(run.request.parameters).toEqual({});
    expect(JSON.parse(Buffer.from(files.files.get(uri) ?? '').toString())).toEqual(parameters);
  });

  it('with more parameters than a record holds is rejected where there is no bucket', async () => {
    deps = { ...deps, bucket: undefined };
    const body = JSON.stringify({ flow: 'etl', parameters: { text: 'x'.repeat(200_000) } });
    expect(await accept(body)).toMatchObject({ kind: 'rejected', why: expect.stringContaining('no bucket') });
  });

  it('that no record can hold is rejected, and says how large it may be', async () => {
    const body = JSON.stringify({ flow: 'etl', metadata: { text: 'x'.repeat(500_000) } });
    expect(await accept(body)).toMatchObject({ kind: 'rejected', why: expect.stringContaining('200000') });
  });

  it('with thousands of faults has the first ones told, in a record of reasonable size', async () => {
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`unknown-${i}`, i])));
    const { run } = await accept(body);
    expect(run).toMatchObject({ status: 'FAILED', reason: { message: expect.stringMatching(/and \d+ more$/) } });
    expect(JSON.stringify(run).length).toBeLessThan(20_000);
  });
});
