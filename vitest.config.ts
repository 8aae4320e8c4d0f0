import { defineConfig } from "vitest/config";
import { Reporter } from "./test/support/reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/requirements.ts",
    reporters: ["default", new Reporter()],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
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
