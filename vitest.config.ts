import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/testkit/longest-first.ts';

export default defineConfig({
  // Vite would take graphql's "module" file and Node, for everything in node_modules, its "main": two copies of one
  // library that do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/testkit/global-setup.ts'],
    reporters: ['default', './test/testkit/summary-reporter.ts'],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
