import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditPage } from "../../../gateway/src/audit/audit-log.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true });
});
afterEach(() => it.close());

const address = (path: string) => `${it.adminUrl}/client/v4/accounts/local/access/logs/audit${path}`;
const get = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(address(path), {
    headers: { authorization: `Bearer ${it.apiToken}`, ...headers },
    ...(signal && { signal }),
  });
const page = async (path: string) => ((await (await get(path)).json()) as { result: AuditPage }).result;
const refused = async () => (await fetch(it.url, { redirect: "manual" })).headers.get("cf-ray") ?? "";

/** Reads a stream until it holds a text; gives everything read. */
async function readUntil(response: Response, text: string): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let read = "";
  while (reader !== undefined && !read.includes(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    read += value;
  }
  return read;
}

test("the log is read page by page, with who changed what by the API", async () => {
  await it.api.zeroTrust.access.serviceTokens.create({ account_id: "local", name: "reports" });
  const ray = await refused();
  const first = await page("?limit=1");
  expect(first.lines).toMatchObject([{ kind: "access", event: "request.refused", ray_id: ray, allowed: false }]);
  const rest = await page(`?before=${first.next}`);
  expect(rest.lines[0]).toMatchObject({
    kind: "change",
    event: "service_token.created",
    actor: { kind: "api_token", name: "tests" },
    ip: "127.0.0.1",
    allowed: true,
  });
  expect(rest.next).toBeNull();
});

test("a limit that cannot be and a parameter that is not there are refused", async () => {
  expect((await get("?limit=0")).status).toBe(400);
  expect((await get("?limit=1001")).status).toBe(400);
  expect((await get("/export?limt=1")).status).toBe(400);
  expect((await get("/tail?format=xml")).status).toBe(400);
});

test("without a token, or with one that may not read audit logs, there is nothing to read", async () => {
  const { secret } = await it.gateway.apiTokens.create({ name: "other", scopes: ["apps:write"] });
  for (const path of ["", "/export", "/tail"]) {
    expect((await fetch(address(path))).status).toBe(401);
    expect((await get(path, { authorization: `Bearer ${secret}` })).status).toBe(403);
  }
});

test("the export has one JSON object a line, the oldest first", async () => {
  const rays = [await refused(), await refused()];
  const response = await get("/export?kind=access");
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
  const lines = (await response.text()).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { ray_id: string }).ray_id)).toEqual(rays);
  const newestFirst = await (await get("/export?kind=access&direction=desc")).text();
  expect(newestFirst.trim().split("\n")).toEqual(lines.toReversed());
});

test("the tail shows what happens while it is open, as lines or as server-sent events", async () => {
  const plain = await get("/tail?event=request.refused");
  const events = await get("/tail", { accept: "text/event-stream" });
  expect(plain.headers.get("content-type")).toBe("application/x-ndjson");
  expect(events.headers.get("content-type")).toBe("text/event-stream");
  const ray = await eventually(plain);
  expect(await readUntil(events, ray)).toMatch(/^id: \d+\ndata: \{"seq":\d+/m);
});

/** The first ray that a tail shows: where "now" was when it began is not known, so refusals go on until one is seen. */
async function eventually(tail: Response): Promise<string> {
  const going = setInterval(() => void refused().catch(() => undefined), 100);
  const text = await readUntil(tail, "\n");
  clearInterval(going);
  return (JSON.parse(text.split("\n")[0] ?? "") as { ray_id: string }).ray_id;
}

test("a reader that lost its connection goes on where it was", async () => {
  const rays = [await refused(), await refused()];
  const [newest, older] = (await page("?kind=access")).lines;
  expect(await readUntil(await get(`/tail?after=${older?.seq}`), "\n")).toContain(rays[1]);
  const again = await get("/tail", { accept: "text/event-stream", "last-event-id": String(older?.seq) });
  expect(await readUntil(again, "\n\n")).toContain(`id: ${newest?.seq}\n`);
});

test("the tail ends in good order when the gateway stops", async () => {
  const stopped = await get("/tail?kind=access");
  await it.restart();
  expect(await readUntil(stopped, "never")).toBe("");
});

test("no secret, JWT or API token is in the log, whatever was shown to the gateway", async () => {
  const jwt = /CF_Authorization=([^;]+)/.exec(
    (await fetch(it.url, { headers: it.pair })).headers.get("set-cookie") ?? "",
  )?.[1];
  const shown = [it.token.clientSecret, jwt ?? "", it.apiToken];
  await fetch(`${it.url}/${it.token.clientSecret}?secret=${it.token.clientSecret}`, { redirect: "manual" });
  await fetch(it.url, { headers: { "cf-access-token": `${jwt}x` } });
  await fetch(it.url, { headers: { ...it.pair, "CF-Access-Client-Id": it.token.clientSecret } });
  await fetch(it.url, { headers: { ...it.pair, "CF-Access-Client-Id": jwt ?? "" } });
  await it.gateway.tokens.rotate(it.token.id);
  await fetch(it.url, { headers: it.pair });
  const everything = await (await get("/export")).text();
  expect(everything).toContain("rotated_out_secret_used");
  const metrics = await (await fetch(`${it.adminUrl}/metrics`)).text();
  for (const secret of shown) {
    expect(secret.length).toBeGreaterThan(20);
    expect(everything).not.toContain(secret);
    expect(metrics).not.toContain(secret);
  }
});
