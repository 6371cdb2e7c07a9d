import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';

function faultsOf(body: string): string[] {
  const parsed = parseRunRequest(body);
  return parsed.ok ? [] : parsed.error.map(formatFault);
}

describe('a run request', () => {
  it('needs a flow and nothing else', () => {
    const parsed = parseRunRequest('{"flow":"etl"}');
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        request: { flow: 'etl', flowVersion: 'latest', org: 'default', parameters: {}, labels: [], priority: 0 },
      },
    });
  });

  it('reads times as ISO 8601', () => {
    const parsed = parseRunRequest('{"flow":"etl","notBefore":"2026-10-01T02:00:00Z"}');
    expect(parsed).toMatchObject({ ok: true, value: { request: { notBefore: Date.UTC(2026, 9, 1, 2) } } });
  });

  it('is read in the words of other launchers too', () => {
    const body = {
      flow_name: 'etl',
      org_id: 'acme',
      cpu: '1024',
      extra_env_vars: { A: 'b' },
      triggered_by: 'ann',
      trigger_source: 'api',
    };
    expect(parseRunRequest(JSON.stringify(body))).toMatchObject({
      ok: true,
      value: {
        request: {
          flow: 'etl',
          org: 'acme',
          runConfig: { cpu: '1024', env: { A: 'b' } },
          trigger: { source: 'api', by: 'ann' },
        },
      },
    });
  });

  it('says the same thing in one word only', () => {
    expect(faultsOf('{"flow":"a","flow_name":"b"}')).toEqual(['flow_name and flow say the same thing twice']);
  });

  it('names every fault at once, with the word that was probably meant', () => {
    expect(faultsOf('{"flwo":"etl","priority":"high"}')).toEqual([
      'flow: is missing',
      'priority: expected number, received string',
      'unknown key "flwo"; did you mean "flow"?',
    ]);
  });

  it.each([
    ['', 'the body is not JSON'],
    ['{"flow":', 'the body is not JSON'],
    ['[]', 'the body is not a JSON object'],
    ['null', 'the body is not a JSON object'],
    ['{"flow":"a","runId":"no spaces"}', 'runId: expected 1 to 64 letters'],
    ['{"flow":"a","parameters":{"__proto__":{"x":1}}}', 'the key "__proto__" is not allowed'],
    [`{"flow":"a","parameters":${'['.repeat(100_000)}`, 'nested deeper than 64'],
    ['{"flow":"a","expiresAt":"tomorrow"}', 'expiresAt'],
    ['{"flow":"a","parametersS3Uri":"http://x/y"}', 'expected s3://bucket/key'],
  ])('refuses %.60s', (body, words) => {
    expect(faultsOf(body).join('\n')).toContain(words);
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parseRunRequest(text).ok === 'boolean'));
  });
});
