import { defineConfig } from 'vitest/config';

/** The same contract suites against moto: an implementation of the AWS APIs that is not ours. */
export default defineConfig({
  test: {
    include: ['test/contracts/**/*.moto.test.ts'],
    globalSetup: ['test/contracts/moto-server.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  },
});
