import { defineConfig } from 'vitest/config';

/** The same contract suites against moto: an implementation of the AWS APIs that is not ours. */
export default defineConfig({
  test: {
    include: ['test/contracts/**/*.moto.test.ts'],
    globalSetup: ['test/contracts/moto-server.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
