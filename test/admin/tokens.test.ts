import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway } from "../gateway/support/gateway.ts";
import { recordApi } from "./support/recorded-api.ts";
import { type RunOptions, run as runProgram } from "./support/run.ts";

interface Service {
  readonly env: Readonly<Record<string, string>>;
  close(): void | Promise<void>;
}

/** The same commands, unchanged, against both. */
const SERVICES: readonly (readonly [string, () => Promise<Service>])[] = [
  ["Cloudflare's recorded contract", async () => recordApi()],
  [
    "our gateway",
    async () => {
      const { adminUrl, apiToken, close } = await startGateway({ admin: true });
      return { env: { CLOUDFLARE_BASE_URL: adminUrl, CLOUDFLARE_API_TOKEN: apiToken }, close };
    },
  ],
];

describe.each(SERVICES)("tokens, against %s", (_, open) => {
  let service: Service;
  let folder: string;
  beforeEach(async () => {
    service = await open();
    folder = mkdtempSync(join(tmpdir(), "gatehouse-admin-"));
  });
  afterEach(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });
  const run = (args: readonly string[], options: RunOptions = {}) =>
    runProgram(args, { ...options, env: { ...service.env, XDG_STATE_HOME: folder, ...options.env } });
  const file = () => join(folder, "bot.json");
  const written = () => JSON.parse(readFileSync(file(), "utf8")) as { client_id: string; client_secret: string };
  const create = (name = "report bot") => run(["tokens", "create", name, "--write", `file:${file()}`]);

  test("create hands the secret to a file that only its owner may read, and not to the screen", async () => {
    const { out, exitCode } = await create();
    expect(exitCode).toBe(0);
    expect(written().client_secret).toMatch(/^cfast_/);
    expect(written().client_id).toMatch(/\.access$/);
    expect(out).toContain("report bot");
    expect(out).not.toContain(written().client_secret);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test("--show shows it, once", async () => {
    const { out } = await run(["tokens", "create", "shown", "--show"]);
    expect(out).toMatch(/Secret: +cfast_\S+/);
    expect((await run(["tokens", "show", "shown"])).out).not.toContain("cfast_");
  });

  test("create without a place for the secret is refused before anything is made", async () => {
    const { exitCode, err } = await run(["tokens", "create", "homeless"]);
    expect(exitCode).toBe(64);
    expect(err).toContain("--write");
    expect((await run(["tokens", "list"])).out).not.toContain("homeless");
  });

  test("a sink that cannot be written is found before the token is made", async () => {
    const { exitCode, err } = await run(["tokens", "create", "homeless", "--write", "file:/nowhere/bot.json"]);
    expect(exitCode).toBe(1);
    expect(err).toContain("ERR_ADMIN_SINK");
    expect((await run(["tokens", "list"])).out).not.toContain("homeless");
  });

  test("list shows name, state, expiry and id; as JSON too, without secrets", async () => {
    await create();
    expect((await run(["tokens", "list"])).out).toMatch(/report bot +good +in \d+ days/);
    const { out } = await run(["tokens", "list", "--json"]);
    expect(JSON.parse(out)).toEqual(expect.arrayContaining([expect.objectContaining({ name: "report bot" })]));
    expect(out).not.toContain("cfast_");
  });

  test("rotate replaces the secret in an env file and nothing else of it", async () => {
    await create();
    const env = join(folder, "bot.env");
    const before =
      "# the bot\nLOG_LEVEL=info\nCLOUDFLARE_ACCESS_CLIENT_SECRET=old\n\nSTATS_URL=https://stats.example.com\n";
    writeFileSync(env, before);
    const { out, exitCode } = await run(["tokens", "rotate", "report bot", "--overlap", "1h", "--write", `env:${env}`]);
    expect(exitCode).toBe(0);
    expect(out).toContain("✓ Rotated to version 2");
    const text = readFileSync(env, "utf8");
    expect(text).toMatch(
      /^# the bot\nLOG_LEVEL=info\nCLOUDFLARE_ACCESS_CLIENT_SECRET=cfast_\S+\n\nSTATS_URL=\S+\nCLOUDFLARE_ACCESS_CLIENT_ID=\S+\n$/,
    );
    expect(text).not.toContain(written().client_secret);
  });

  test("rotate --wait finishes, with a line for each step", async () => {
    await create();
    let nowMs = Date.now();
    const sleep = async (): Promise<void> => {
      nowMs += 10_000;
    };
    const args = ["tokens", "rotate", "report bot", "--write", `file:${file()}`, "--wait"];
    const { out, exitCode } = await run(args, { now: () => nowMs, sleep });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ Rotated to version 2.*\n✓ Written to file .*\n✓ (?:Nobody uses|This API does not tell)/);
  });

  test("rotate --json tells the steps and the token, and no secret", async () => {
    await create();
    const { out } = await run(["tokens", "rotate", "report bot", "--write", `file:${file()}`, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ token: { client_secret_version: 2 }, steps: expect.any(Array) });
    expect(out).not.toContain("cfast_");
  });

  test("what the API refuses is said in its own words", async () => {
    const { err, exitCode } = await run(["tokens", "create", "", "--show"]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^ERR_ADMIN_API_REFUSED: POST \/access\/service_tokens was refused \(400\): .*name.*\(12130\)/);
  });

  test("keys rotate", async () => {
    expect((await run(["keys", "rotate", "--dry-run"])).out).toBe("Would rotate the signing key.\n");
    expect((await run(["keys", "rotate"])).err).toContain("--yes");
    expect((await run(["keys", "rotate", "--yes"])).out).toMatch(/^The signing key was rotated at .* in 42 days\.\n$/);
    const { out } = await run(["keys", "rotate", "--yes", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ key_rotation_interval_days: 42 });
  });

  test("logs, as lines and as JSON", async () => {
    const lines = await run(["logs", "--limit", "5", "--since", "7d"]);
    expect(lines.exitCode).toBe(0);
    const json = await run(["logs", "--json"]);
    const shown = json.out.split("\n").filter(Boolean);
    for (const line of shown) expect(JSON.parse(line)).toHaveProperty("ray_id");
    expect(lines.out.split("\n").filter(Boolean)).toHaveLength(shown.length);
  });

  test("refresh, disable and enable", async () => {
    await create();
    expect((await run(["tokens", "refresh", "report bot"])).exitCode).toBe(0);
    expect((await run(["tokens", "disable", "report bot", "--yes"])).out).toContain("disabled");
    expect((await run(["tokens", "list"])).out).toMatch(/report bot +disabled/);
    expect((await run(["tokens", "enable", "report bot"])).out).toContain("good");
  });

  test.each(["delete", "revoke"])("%s asks first, and does nothing when nobody can be asked", async (command) => {
    await create();
    const refused = await run(["tokens", command, "report bot"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain("--yes");
    const ask = { confirm: async () => false, secret: async () => "" };
    expect((await run(["tokens", command, "report bot"], { ask })).err).toContain("Nothing was changed");
    expect((await run(["tokens", "list"])).out).toContain("report bot");
    const done = await run(["tokens", command, "report bot", "--yes"]);
    expect(done.exitCode).toBe(0);
    expect(done.out).toMatch(/\n(?:Disabled and deleted|Deleted)\.\n$/);
    expect((await run(["tokens", "list"])).out).not.toMatch(/report bot +good.*\n.*report bot/);
  });

  test("--dry-run changes nothing", async () => {
    await create();
    const before = written();
    for (const args of [
      ["tokens", "delete", "report bot", "--dry-run"],
      ["tokens", "rotate", "report bot", "--write", `file:${file()}`, "--dry-run"],
    ]) {
      const { out, exitCode } = await run(args);
      expect(exitCode).toBe(0);
      expect(out).toContain("Would");
    }
    expect(written()).toEqual(before);
    expect((await run(["tokens", "list"])).out).toContain("report bot");
  });

  test("a name that several share is asked back with their ids", async () => {
    await create("twin");
    await create("twin");
    const { exitCode, err } = await run(["tokens", "disable", "twin", "--yes"]);
    expect(exitCode).toBe(1);
    expect(err).toContain("give an id");
  });

  test("a token that is not there is said", async () => {
    const { exitCode, err } = await run(["tokens", "show", "nobody"]);
    expect(exitCode).toBe(1);
    expect(err).toContain("ERR_ADMIN_NOT_FOUND");
  });

  test("more tokens than a page are all listed", async () => {
    for (let count = 0; count < 101; count += 1) await run(["tokens", "create", `bot ${count}`, "--show"]);
    const { out } = await run(["tokens", "list", "--json"]);
    expect((JSON.parse(out) as unknown[]).length).toBeGreaterThanOrEqual(101);
  });
});

describe("settings", () => {
  test.each([
    ["no API token", { CLOUDFLARE_ACCOUNT_ID: "a" }, 78, "CLOUDFLARE_API_TOKEN"],
    ["no account at Cloudflare", { CLOUDFLARE_API_TOKEN: "t" }, 78, "CLOUDFLARE_ACCOUNT_ID"],
    [
      "an API over plain http",
      { CLOUDFLARE_API_TOKEN: "t", CLOUDFLARE_BASE_URL: "http://gate.example" },
      64,
      "https://",
    ],
    ["nobody there", { CLOUDFLARE_API_TOKEN: "t", CLOUDFLARE_BASE_URL: "http://127.0.0.1:1" }, 69, "ECONNREFUSED"],
  ])("%s is said, with its own exit code", async (_, env, code, words) => {
    const { exitCode, err } = await runProgram(["tokens", "list"], { env });
    expect(err).toContain(words);
    expect(exitCode).toBe(code);
  });

  test("the API token may be typed, and is asked for without an echo", async () => {
    const questions: string[] = [];
    const ask = {
      confirm: async () => true,
      secret: async (question: string) => {
        questions.push(question);
        return "typed";
      },
    };
    await runProgram(["tokens", "list"], { env: { CLOUDFLARE_BASE_URL: "http://127.0.0.1:1" }, ask });
    expect(questions).toEqual(["API token"]);
  });

  test("a wrong API token is exit code 77, and is not repeated", async () => {
    const gateway = await startGateway({ admin: true });
    const env = { CLOUDFLARE_BASE_URL: gateway.adminUrl, CLOUDFLARE_API_TOKEN: "gatehouse_wrong" };
    const { exitCode, err } = await runProgram(["tokens", "list"], { env });
    await gateway.close();
    expect(exitCode).toBe(77);
    expect(err).not.toContain("gatehouse_wrong");
  });
});
