import { defineConfig } from 'vitest/config';
import shared from './vitest.config.ts';

/** The package as users get it: packed and installed, which takes a registry and its time. */
export default defineConfig({
  test: {
    ...shared.test,
    include: ['test/**/*.packed.test.ts'],
    exclude: [],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
