import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { localEnvironment } from "./support/local-environment.ts";
import { joinChat } from "./support/person.ts";
import { slackEnvironment, startSlack } from "./support/slack.ts";

const ROOT = join(import.meta.dirname, "../..");
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

interface Run {
  readonly child: ChildProcess;
  /** Standard output and error so far. */
  readonly text: () => string;
  /** Resolves when `text` contains it; fails when the process ends first. */
  readonly says: (words: string) => Promise<void>;
  readonly ended: Promise<{ code: number | null; text: string }>;
}

function run(script: string, env: Record<string, string> = {}, args: readonly string[] = []): Run {
  // Elsewhere than in the project, where somebody's .env may lie.
  const options = { cwd: tmpdir(), env };
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, text }));
  const says = async (words: string): Promise<void> => {
    while (!text.includes(words)) {
      const next = await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), ended]);
      if (!Array.isArray(next) && !text.includes(words))
        throw new TypeError(`it ended without saying ${words}: ${text}`);
    }
  };
  return { child, text: () => text, says, ended };
}

describe("npm start", () => {
  test("says where to go and what to try, and Ctrl-C ends it cleanly", async () => {
    const settings = await localEnvironment();
    const start = run("local/main.ts", settings);
    await start.says("Ctrl-C stops everything");
    expect(start.text()).toContain(`http://127.0.0.1:${settings["LOCAL_CHAT_PORT"]}`);
    expect(start.text()).toContain(`http://localhost:${settings["GATEWAY_PORT"]}`);
    expect(start.text()).toContain(`http://127.0.0.1:${settings["GATEWAY_ADMIN_PORT"]}/#token=`);
    expect(start.text()).toContain("/stats signups last 7 days by country vs previous week");
    start.child.kill("SIGINT");
    expect((await start.ended).code).toBe(0);
  });

  test("a second start keeps the token and the data", async () => {
    const settings = await localEnvironment();
    const state = async (): Promise<unknown> => {
      const start = run("local/main.ts", settings);
      await start.says("Gatehouse is ready");
      start.child.kill("SIGTERM");
      expect((await start.ended).code).toBe(0);
      return JSON.parse(readFileSync(join(settings["LOCAL_DATA_FOLDER"] ?? "", "state.json"), "utf8"));
    };
    expect(await state()).toEqual(await state());
  });

  test.each([
    ["LOCAL_CHAT_PORT", "the local workspace"],
    ["GATEWAY_PORT", "the gateway"],
    ["GATEWAY_ADMIN_PORT", "the admin API"],
    ["STATS_PORT", "the stats app"],
    ["LOCAL_IDENTITY_PORT", "the local identity provider"],
  ])("a busy %s is said by name and number", async (variable, what) => {
    const settings = await localEnvironment();
    const other = createServer().listen(Number(settings[variable]), "127.0.0.1");
    await once(other, "listening");
    const { code, text } = await run("local/main.ts", settings).ended;
    other.close();
    expect(code).toBe(1);
    expect(text).toContain(`Port ${settings[variable]} for ${what} is in use`);
    expect(text).toContain(`${variable}=PORT`);
  });

  test("two starts on one data folder: the second says that the first runs, and reset refuses too", async () => {
    const settings = await localEnvironment();
    const first = run("local/main.ts", settings);
    await first.says("Gatehouse is ready");
    const others = { ...(await localEnvironment()), LOCAL_DATA_FOLDER: settings["LOCAL_DATA_FOLDER"] ?? "" };
    for (const script of ["local/main.ts", "local/reset.ts"]) {
      const { code, text } = await run(script, others).ended;
      expect(code).toBe(1);
      expect(text).toContain(`running already, as process ${first.child.pid}`);
    }
  });

  test("reset removes the data folder, and says so when there is nothing to remove", async () => {
    const settings = await localEnvironment();
    const folder = settings["LOCAL_DATA_FOLDER"] ?? "";
    expect((await run("local/reset.ts", settings).ended).text).toContain(`Removed ${folder}`);
    expect(existsSync(folder)).toBe(false);
    expect((await run("local/reset.ts", settings).ended).text).toContain("Nothing to remove");
  });
});

describe("each app alone", () => {
  test.each([
    ["gateway/src/main.ts", ["GATEWAY_ISSUER", "GATEWAY_SECRET_KEY"]],
    ["stats-app/src/main.ts", ["STATS_ACCESS_ISSUER", "STATS_ACCESS_AUDIENCE"]],
    ["bot/src/main.ts", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "STATS_URL", "CLOUDFLARE_ACCESS_CLIENT_ID"]],
  ])("%s without a configuration lists every problem by name and exits with 78", async (script, names) => {
    const { code, text } = await run(script).ended;
    expect(code).toBe(78);
    for (const name of names) expect(text).toContain(name);
  });

  test("the stats app serves, and drains and stops on SIGTERM", async () => {
    const [port] = await freePorts(1);
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-app-"));
    const app = run("stats-app/src/main.ts", {
      STATS_PORT: String(port),
      STATS_DATABASE_URL: `file:${folder}/stats.duckdb`,
      STATS_ACCESS_ISSUER: "https://team.cloudflareaccess.com",
      STATS_ACCESS_AUDIENCE: "a".repeat(64),
    });
    await app.says("listening");
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/metrics`)).status).toBe(401);
    app.child.kill("SIGTERM");
    expect((await app.ended).code).toBe(0);
  });

  test("gateway, stats app and bot, each a process of its own, answer a question together", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-apart-"));
    const [gatewayPort, adminPort, statsPort] = (await freePorts(3)).map(String);
    const issuer = `http://localhost:${gatewayPort}`;
    const audience = "a".repeat(64);
    const gatewayEnv = {
      GATEWAY_PORT: String(gatewayPort),
      GATEWAY_ADMIN_PORT: String(adminPort),
      GATEWAY_ISSUER: issuer,
      GATEWAY_POLICY_FILE: join(folder, "policies.yaml"),
      GATEWAY_DATABASE_URL: `file:${folder}/gateway.sqlite`,
      GATEWAY_SECRET_KEY: "5".repeat(64),
    };
    writeFileSync(
      gatewayEnv.GATEWAY_POLICY_FILE,
      `applications:
  - name: Stats
    aud: ${audience}
    domain: localhost:${gatewayPort}
    origin: http://127.0.0.1:${statsPort}
    policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }]
`,
    );
    const created = await run("gateway/src/main.ts", gatewayEnv, ["tokens", "create", "stats bot"]).ended;
    const pair = Object.fromEntries(
      [...created.text.matchAll(/^(CLOUDFLARE_ACCESS_CLIENT_\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
    );
    const stats = run("stats-app/src/main.ts", {
      STATS_PORT: String(statsPort),
      STATS_DATABASE_URL: `file:${folder}/stats.duckdb`,
      STATS_ACCESS_ISSUER: issuer,
      STATS_ACCESS_AUDIENCE: audience,
    });
    const gateway = run("gateway/src/main.ts", gatewayEnv);
    const slack = await startSlack();
    await Promise.all([stats.says("listening"), gateway.says("listening")]);
    const bot = run("bot/src/main.ts", {
      ...slackEnvironment(slack),
      STATS_URL: issuer,
      ...pair,
    });
    await bot.says("bot started");
    const ada = await joinChat(slack.url);
    expect((await ada.ask("@stats signups last week")).text).toContain("Signups");
    ada.close();
    for (const app of [bot, gateway, stats]) {
      app.child.kill("SIGTERM");
      expect((await app.ended).code).toBe(0);
    }
    await slack.close();
  });
});
