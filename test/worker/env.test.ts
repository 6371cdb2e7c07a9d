import { describe, expect, it } from 'vitest';
import { readWorkerEnv } from '../../src/worker/env.ts';

const COMPLETE = {
  SLIPWAY_RUN_ID: 'run-1',
  SLIPWAY_ATTEMPT: '2',
  SLIPWAY_FLOW: 'etl',
  SLIPWAY_FLOW_VERSION: '1.4.2',
  SLIPWAY_ORG: 'default',
  SLIPWAY_PARAMETERS: '{"date":"2026-10-01"}',
  SLIPWAY_TABLE: 'slipway',
  SLIPWAY_BUCKET: 's3://acme/slipway/',
  ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/abc',
  AWS_REGION: 'eu-west-1',
};

function faultsOf(over: Record<string, string | undefined>): readonly string[] {
  const env = readWorkerEnv({ ...COMPLETE, ...over });
  return env.ok ? [] : env.error;
}

describe("the worker's environment", () => {
  it('is read into what the worker works with', () => {
    expect(readWorkerEnv(COMPLETE)).toEqual({
      ok: true,
      value: {
        runId: 'run-1',
        attempt: 2,
        flow: 'etl',
        flowVersion: '1.4.2',
        org: 'default',
        parameters: { kind: 'inline', values: { date: '2026-10-01' } },
        depPackages: [],
        table: 'slipway',
        bucket: 's3://acme/slipway',
        logLevel: 'info',
        region: 'eu-west-1',
        metadataUri: 'http://169.254.170.2/v4/abc',
      },
    });
  });

  it('may say where the parameters are instead of what they are', () => {
    const env = readWorkerEnv({
      ...COMPLETE,
      SLIPWAY_PARAMETERS: undefined,
      SLIPWAY_PARAMETERS_S3_URI: 's3://acme/parameters/run-1/2.json',
    });
    expect(env).toMatchObject({ value: { parameters: { kind: 's3', uri: 's3://acme/parameters/run-1/2.json' } } });
  });

  it('names packages, with what is known of their bytes, and the time to stop', () => {
    const sha256 = 'b'.repeat(64);
    const uris = [
      's3://acme/a.zip',
      `s3://acme/b.tar.gz#sha256=${sha256}&bytes=12`,
      's3://acme/c#1.zip',
      's3://acme/d.zip#bytes=3',
    ];
    const env = readWorkerEnv({
      ...COMPLETE,
      SLIPWAY_DEP_PACKAGE_URIS: JSON.stringify(uris),
      SLIPWAY_STOP_TIMEOUT: '120',
    });
    expect(env).toMatchObject({
      value: {
        stopTimeoutMs: 120_000,
        depPackages: [
          { uri: 's3://acme/a.zip' },
          { uri: 's3://acme/b.tar.gz', sha256, bytes: 12 },
          { uri: 's3://acme/c#1.zip' },
          { uri: 's3://acme/d.zip', bytes: 3 },
        ],
      },
    });
    expect(faultsOf({ SLIPWAY_DEP_PACKAGE_URIS: 's3://acme/a.zip' })).toEqual([
      'SLIPWAY_DEP_PACKAGE_URIS has to be a JSON list of s3:// addresses: s3://acme/a.zip',
    ]);
  });

  it('tells everything that is missing at once', () => {
    const env = readWorkerEnv({});
    expect(env.ok ? [] : env.error).toEqual([
      'SLIPWAY_RUN_ID is not set',
      'SLIPWAY_ATTEMPT is not set',
      'SLIPWAY_FLOW is not set',
      'SLIPWAY_FLOW_VERSION is not set',
      'SLIPWAY_ORG is not set',
      'SLIPWAY_PARAMETERS is not set',
      'SLIPWAY_TABLE is not set',
      'ECS_CONTAINER_METADATA_URI_V4 is not set',
    ]);
  });

  it.each([
    ['SLIPWAY_RUN_ID', 'a/b', 'SLIPWAY_RUN_ID has to be 1 to 64 letters, digits, "-" or "_": a/b'],
    ['SLIPWAY_ATTEMPT', '0', 'SLIPWAY_ATTEMPT has to be a number from 1: 0'],
    ['SLIPWAY_ATTEMPT', 'two', 'SLIPWAY_ATTEMPT has to be a number from 1: two'],
    ['SLIPWAY_TABLE', '', 'SLIPWAY_TABLE is not set'],
    ['SLIPWAY_BUCKET', 'acme', 'SLIPWAY_BUCKET has to be s3://bucket or s3://bucket/prefix: acme'],
    ['SLIPWAY_ARTIFACT_S3_URI', '/tmp/flow.mjs', 'SLIPWAY_ARTIFACT_S3_URI has to be s3://bucket/key: /tmp/flow.mjs'],
    ['SLIPWAY_LOG_LEVEL', 'loud', 'SLIPWAY_LOG_LEVEL has to be one of trace, debug, info, warn, error, silent: loud'],
    ['AWS_ENDPOINT_URL', 'localhost:4566', 'AWS_ENDPOINT_URL has to be an http address: localhost:4566'],
  ])('names %s when it is "%s"', (name, value, fault) => {
    expect(faultsOf({ [name]: value })).toEqual([fault]);
  });

  it.each(['[1]', '"text"', '{"a":', '{"password":"hunter2"'])(
    'refuses the parameters %s, and repeats no word of them',
    (text) => {
      expect(faultsOf({ SLIPWAY_PARAMETERS: text })).toEqual(['SLIPWAY_PARAMETERS has to be a JSON object']);
    },
  );
});
