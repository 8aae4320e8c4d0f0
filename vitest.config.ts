import { defineConfig } from "vitest/config";
import { postgresPrograms } from "./test/support/postgres.ts";
import { Reporter } from "./test/support/reporter.ts";

/** The gateway's suites that work on its state run twice: on SQLite, and here on a real Postgres. */
const onPostgres = {
  extends: true as const,
  test: {
    name: "gateway on Postgres",
    include: [
      "test/gateway/{pass,login,hand-over,websocket}.test.ts",
      "test/gateway/{tokens,admin-api,login,revocations,policies,resources}/**/*.test.ts",
    ],
    env: { GATEHOUSE_TEST_STORE: "Postgres" },
  },
};

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "all", include: ["test/**/*.test.ts"] } },
      ...(postgresPrograms === undefined ? [] : [onPostgres]),
    ],
    globalSetup: "test/support/requirements.ts",
    reporters: ["default", new Reporter()],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A browser on a busy machine may be late once; what fails twice has failed. Locally nothing is tried again.
    retry: process.env.CI === undefined ? 0 : 1,
    coverage: {
      provider: "v8",
      include: [
        "access-client/src/**",
        "service/src/**",
        "gateway/src/**",
        "stats-app/src/**",
        "bot/src/**",
        "local/**",
      ],
      exclude: ["**/page/**", "**/main.ts", "**/*.d.ts"],
    },
  },
});
