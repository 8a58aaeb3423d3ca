import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one plain line that any tool can read. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      if (module.errors().length > 0) count.failed += 1;
    }
    const failed = count.failed + errors.length;
    // After the other reporters, which print at the end as well.
    process.once('exit', () => {
      process.stdout.write(
        `\n${count.passed} passed, ${failed} failed, ${count.skipped + count.pending} skipped\n`,
      );
    });
  }
}
