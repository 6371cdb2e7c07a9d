import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.moto.test.ts', 'test/**/*.packed.test.ts'],
    globalSetup: ['test/build-dist.ts'],
    // Many tests wait for processes they have started: on two cores, two at a time take half as long as one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Files share a worker's modules: importing the AWS SDK anew for each file costs more than most tests do.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    chaiConfig: { truncateThreshold: 0 },
    expect: { poll: { timeout: 20_000 } },
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  },
});
