import { expect, test } from "vitest";
import type { AccessRequest } from "../../admin/src/api/admin-api.ts";
import { AdminError } from "../../admin/src/errors.ts";
import { openAccessLog } from "../../admin/src/logs/access-log.ts";
import { createBotNames } from "../../admin/src/logs/bot-names.ts";
import { formatLine } from "../../admin/src/logs/log-line.ts";
import { createPaint } from "../../admin/src/output/paint.ts";
import { startGateway } from "../gateway/support/gateway.ts";
import { run } from "./support/run.ts";

const START_MS = Date.parse("2026-11-23T12:00:00Z");
const line = (ms: number, more: Partial<AccessRequest> = {}): AccessRequest => ({
  created_at: new Date(START_MS + ms).toISOString(),
  ray_id: `ray-${ms}`,
  action: "login",
  allowed: true,
  ...more,
});

/** A log that grows, read as the API lets it be read. */
function growing(lines: AccessRequest[]) {
  const accessRequests = async (query: Readonly<Record<string, string>>): Promise<readonly AccessRequest[]> => {
    const sinceMs = Date.parse(query["since"] ?? "1970-01-01T00:00:00Z");
    const found = lines
      .filter(({ created_at: at }) => Date.parse(at) >= sinceMs)
      .sort((a, b) => a.created_at.localeCompare(b.created_at));
    const [limit, page] = [Number(query["limit"]), Number(query["page"] ?? 1)];
    const ordered = query["direction"] === "asc" ? found : found.reverse();
    return ordered.slice((page - 1) * limit, page * limit);
  };
  return openAccessLog({ accessRequests, serverNowMs: () => START_MS });
}
const rays = (lines: readonly AccessRequest[]) => lines.map(({ ray_id: ray }) => ray);

test("the newest lines come first to last, and what follows comes once each, however many come at once", async () => {
  const lines = [line(1), line(2), line(3)];
  const log = growing(lines);
  expect(rays(await log.latest(2, undefined))).toEqual(["ray-2", "ray-3"]);
  expect(await log.news()).toEqual([]);
  const many = Array.from({ length: 2_500 }, (_, index) => line(10 + index));
  lines.push(...many);
  expect(rays(await log.news())).toEqual(rays(many));
  expect(await log.news()).toEqual([]);
});

test("a line of another gateway that turns up a little late is not missed", async () => {
  const lines = [line(1), line(20_000)];
  const log = growing(lines);
  await log.latest(50, undefined);
  lines.push(line(12_000));
  expect(rays(await log.news())).toEqual(["ray-12000"]);
  expect(await log.news()).toEqual([]);
});

test("nothing wanted of the past: only what comes is shown", async () => {
  const lines = [line(-60_000)];
  const log = growing(lines);
  expect(await log.latest(0, undefined)).toEqual([]);
  lines.push(line(5));
  expect(rays(await log.news())).toEqual(["ray-5"]);
});

test("a bot has its name; without the right to list tokens, its client id", async () => {
  const bot = line(1, { service_token_client_id: "1234.access" });
  const token = { id: "1", client_id: "1234.access", name: "stats bot" };
  const named = createBotNames({ listTokens: async () => [token] });
  await named.learn([bot]);
  expect(named.nameOf(bot)).toBe("stats bot");
  const forbidden = createBotNames({
    listTokens: async () => {
      throw new AdminError("ERR_ADMIN_API_FORBIDDEN", "no");
    },
  });
  await forbidden.learn([bot]);
  expect(forbidden.nameOf(bot)).toBe("1234.access");
  expect(forbidden.nameOf(line(2, { user_email: "ada@acme.example" }))).toBe("ada@acme.example");
});

test("a line holds who, where and why, and nothing that moves a terminal's cursor", () => {
  const refused = line(1, { allowed: false, reason: "no_policy_matched", app_domain: "a\u001b[2Jb", count: 12 });
  expect(formatLine(refused, "x\ny", createPaint(false))).toBe(
    "2026-11-23T12:00:00.001Z  refused  x y  ab  no_policy_matched  ×12  ray-1\n",
  );
  expect(formatLine(line(1, { app_domain: "", reason: "attempt_unknown" }), "", createPaint(false))).toMatch(
    /allowed {2}- {2}- {2}/,
  );
});

test("--follow says once that the API is away, goes on when it is back, and tells the bot's name", async () => {
  class Interrupt extends Error {}
  const gateway = await startGateway({ admin: true });
  const env = { CLOUDFLARE_BASE_URL: gateway.adminUrl, CLOUDFLARE_API_TOKEN: gateway.apiToken };
  let round = 0;
  const seen: string[] = [];
  const sleep = async (): Promise<void> => {
    round += 1;
    if (round === 1) await gateway.gateway.close(100);
    if (round === 3) {
      await gateway.restart();
      gateway.clock.nowMs = Date.now() + 1_000;
      await fetch(`${gateway.url}/`, { headers: gateway.pair });
    }
    if (round > 500 || seen.some((text) => text.includes("stats bot"))) throw new Interrupt();
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const errors: string[] = [];
  await expect(run(["logs", "--follow"], { env, sleep, seen, errors })).rejects.toBeInstanceOf(Interrupt);
  await gateway.close();
  expect(seen.join("")).toMatch(/allowed {2}stats bot {2}localhost:\d+ {2}127\.0\.0\.1/);
  expect(errors).toEqual([expect.stringContaining("Waiting for it"), "The API is back.\n"]);
});

test.each([
  [["--limit", "many"], 64],
  [["--limit", "-1"], 64],
  [["--limit", "5000"], 64],
])("logs %j is exit code %i", async (args, code) => {
  const env = { CLOUDFLARE_BASE_URL: "http://127.0.0.1:1", CLOUDFLARE_API_TOKEN: "t" };
  expect((await run(["logs", ...args], { env })).exitCode).toBe(code);
});
