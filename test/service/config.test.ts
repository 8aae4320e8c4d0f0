import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, readConfig } from "../../service/src/index.ts";

const schema = z.object({
  STATS_URL: z.url({ error: "must be a URL, such as https://stats.example.com" }),
  CLIENT_SECRET: z.string(),
  PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(4000),
});
const good = { STATS_URL: "https://stats.example.com", CLIENT_SECRET: "s3cret-value" };
const folder = mkdtempSync(join(tmpdir(), "gatehouse-config-"));

function secretFile(content: string): string {
  const file = join(folder, `secret-${content.length}`);
  writeFileSync(file, content);
  return file;
}

function problemsOf(env: Record<string, string>): readonly { name: string; problem: string }[] {
  try {
    readConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("readConfig", () => {
  test("reads variables, coerces them and fills in defaults", () => {
    expect(readConfig(schema, good)).toEqual({ ...good, PORT: 4000 });
  });

  test("reads a secret from the file that X_FILE names, without its line end", () => {
    const env = { STATS_URL: good.STATS_URL, CLIENT_SECRET_FILE: secretFile("from a file\n") };
    expect(readConfig(schema, env).CLIENT_SECRET).toBe("from a file");
  });

  test("takes an empty variable for an absent one, as in a copied .env.example", () => {
    expect(readConfig(schema, { ...good, PORT: "" }).PORT).toBe(4000);
  });

  test("reports every problem at once, by name", () => {
    expect(problemsOf({ STATS_URL: "nonsense", PORT: "many" }).map((problem) => problem.name)).toEqual([
      "STATS_URL",
      "CLIENT_SECRET",
      "PORT",
    ]);
  });

  test("says how to give a variable that is missing", () => {
    expect(problemsOf({ STATS_URL: good.STATS_URL })).toEqual([
      { name: "CLIENT_SECRET", problem: "is required: set CLIENT_SECRET or CLIENT_SECRET_FILE (see .env.example)" },
    ]);
  });

  test("refuses a variable that is given directly and by file", () => {
    const [problem] = problemsOf({ ...good, CLIENT_SECRET_FILE: secretFile("another") });
    expect(problem?.problem).toContain("set twice");
  });

  test("names the file that cannot be read, once", () => {
    const env = { STATS_URL: good.STATS_URL, CLIENT_SECRET_FILE: join(folder, "absent") };
    expect(problemsOf(env)).toEqual([
      { name: "CLIENT_SECRET", problem: `CLIENT_SECRET_FILE cannot be read (ENOENT): ${join(folder, "absent")}` },
    ]);
  });

  test("names an empty file", () => {
    const [problem] = problemsOf({ STATS_URL: good.STATS_URL, CLIENT_SECRET_FILE: secretFile("\n") });
    expect(problem?.problem).toContain("names an empty file");
  });

  test("never repeats a value", () => {
    expect(JSON.stringify(problemsOf({ ...good, STATS_URL: "cfast_oops" }))).not.toContain("cfast_oops");
  });
});
