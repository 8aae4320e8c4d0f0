import type { Reporter as VitestReporter } from "vitest/node";

type TestModule = Parameters<NonNullable<VitestReporter["onTestRunEnd"]>>[0][number];

/**
 * Ends a run with `N passed, N failed, N skipped` alone on a line. In CI a skipped test fails the run, for a machine that
 * lacks something would otherwise pass by not looking.
 */
export class Reporter implements VitestReporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "passed" || state === "failed" ? state : "skipped"] += 1;
      }
    }
    if (process.env.CI === "true" && counts.skipped > 0) {
      process.stdout.write(`\n${counts.skipped} skipped: in CI every test must run.\n`);
      process.exitCode = 1;
    }
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
