import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createMetrics } from "../../../gateway/src/metrics/metrics.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

/** The samples of an exposition: `name{labels}` to value. */
function samplesOf(body: string): ReadonlyMap<string, number> {
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

test("counts and times come out as Prometheus reads them: cumulative buckets, sums in seconds", async () => {
  const metrics = createMetrics();
  for (const durationMs of [0.05, 0.3, 7, 40_000]) {
    metrics.requestStarted();
    metrics.requestFinished({ decision: "allowed", application: 'St"a\nts' }, durationMs, durationMs / 2);
  }
  metrics.requestStarted();
  metrics.requestFinished({ decision: "refused", reason: "no_credential" }, 1, undefined);
  metrics.requestStarted();
  const { body, contentType } = await metrics.expose();
  expect(contentType).toContain("text/plain");
  const samples = samplesOf(body);
  const expected = {
    'gatehouse_requests_total{decision="allowed",reason="",application="St\\"a\\nts"}': 4,
    'gatehouse_requests_total{decision="refused",reason="no_credential",application=""}': 1,
    'gatehouse_request_duration_seconds_bucket{le="0.0001"}': 1,
    'gatehouse_request_duration_seconds_bucket{le="0.0005"}': 2,
    'gatehouse_request_duration_seconds_bucket{le="0.01"}': 4,
    'gatehouse_request_duration_seconds_bucket{le="30"}': 4,
    'gatehouse_request_duration_seconds_bucket{le="+Inf"}': 5,
    gatehouse_request_duration_seconds_count: 5,
    gatehouse_added_latency_seconds_count: 4,
    gatehouse_requests_in_flight: 1,
  };
  for (const [name, value] of Object.entries(expected)) expect([name, samples.get(name)]).toEqual([name, value]);
  expect(samples.get("gatehouse_request_duration_seconds_sum")).toBeCloseTo(40.008_35);
  expect(body).toContain("# TYPE gatehouse_request_duration_seconds histogram");
});

test("a second scrape does not count twice", async () => {
  const metrics = createMetrics();
  metrics.watch({ auditLinesDropped: () => 3 });
  metrics.requestFinished({ decision: "answered", reason: "certs" }, 1, undefined);
  await metrics.expose();
  const samples = samplesOf((await metrics.expose()).body);
  expect(samples.get('gatehouse_requests_total{decision="answered",reason="certs",application=""}')).toBe(1);
  expect(samples.get("gatehouse_audit_lines_dropped_total")).toBe(3);
});

test("applications that come and go do not grow the series without end", async () => {
  const metrics = createMetrics();
  for (let n = 0; n < 20_000; n += 1) {
    metrics.requestFinished({ decision: "allowed", application: `app ${n}` }, 1, undefined);
  }
  const samples = samplesOf((await metrics.expose()).body);
  const counts = [...samples].filter(([name]) => name.startsWith("gatehouse_requests_total"));
  expect(counts.length).toBeLessThanOrEqual(5_001);
  expect(counts.reduce((sum, [, value]) => sum + value, 0)).toBe(20_000);
});

test("of 100,000 tokens the 1,000 that end soonest are shown; disabled ones and those that never end are not", async () => {
  const metrics = createMetrics();
  const token = (n: number) => ({
    id: `${n}`,
    name: "bot",
    isEnabled: n % 2 === 0,
    expiresAtMs: n % 3 === 0 ? null : n * 1000,
  });
  // 7,919 is prime: every number once, in no order.
  const tokens = Array.from({ length: 100_000 }, (_, n) => token((n * 7_919) % 100_000));
  metrics.watch({ now: () => 0, tokens: () => tokens });
  const samples = [...samplesOf((await metrics.expose()).body)];
  const shown = samples.filter(([name]) => name.includes("token_expiry")).map(([, seconds]) => seconds);
  const ending = Array.from({ length: 100_000 }, (_, n) => n).filter((n) => n % 2 === 0 && n % 3 !== 0);
  expect(shown.toSorted((a, b) => a - b)).toEqual(ending.slice(0, 1_000));
});

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true });
});
afterEach(() => it.close());

const scrape = async () => samplesOf(await (await fetch(`${it.adminUrl}/metrics`)).text());

test("a gateway counts what it decides, exchanges and remembers, by names from its configuration alone", async () => {
  const first = await fetch(it.url, { headers: it.pair });
  const jwt = /CF_Authorization=([^;]+)/.exec(first.headers.get("set-cookie") ?? "")?.[1] ?? "";
  await fetch(it.url, { headers: { "cf-access-token": jwt } });
  await fetch(it.url, { headers: { "cf-access-token": jwt } });
  await fetch(`${it.url}/secret-path?q=secret-query`, { redirect: "manual" });
  await fetch(it.url, { headers: { ...it.pair, "CF-Access-Client-Id": "stranger-id" } });
  await fetch(`${it.url}/cdn-cgi/access/certs`);
  const samples = await scrape();
  const requests = (decision: string, reason: string, application: string) =>
    samples.get(`gatehouse_requests_total{decision="${decision}",reason="${reason}",application="${application}"}`);
  expect(requests("allowed", "", "Stats")).toBe(3);
  expect(requests("refused", "no_credential", "Stats")).toBe(1);
  expect(requests("refused", "service_token_unknown", "Stats")).toBe(1);
  expect(requests("answered", "certs", "")).toBe(1);
  expect(samples.get("gatehouse_exchanges_total")).toBe(1);
  expect(samples.get('gatehouse_token_verifications_total{cache="miss"}')).toBe(1);
  // An answer that takes a while is asked about again, and its JWT found again.
  expect(samples.get('gatehouse_token_verifications_total{cache="hit"}')).toBeGreaterThanOrEqual(1);
  expect(samples.get("gatehouse_added_latency_seconds_count")).toBe(3);
  expect(samples.get("gatehouse_requests_in_flight")).toBe(0);
  expect(samples.get("gatehouse_store_staleness_seconds")).toBe(0);
  const name = `gatehouse_service_token_expiry_seconds{id="${it.token.id}",name="stats bot"}`;
  expect(samples.get(name)).toBeCloseTo(365 * 86_400, -2);
  const text = [...samples.keys()].join("\n");
  for (const told of ["stranger-id", "secret-path", "secret-query", it.token.clientId, jwt]) {
    expect(text).not.toContain(told);
  }
});

test("the age of the key and the life of a token go with the clock", async () => {
  await scrape();
  it.clock.nowMs += 86_400_000;
  const samples = await scrape();
  expect(samples.get("gatehouse_signing_key_age_seconds")).toBeGreaterThanOrEqual(86_400);
  const expiry = [...samples].find(([name]) => name.includes("token_expiry"))?.[1];
  expect(expiry).toBeCloseTo(364 * 86_400, -2);
});

test("open WebSockets are counted while they are open", async () => {
  const origin = new WebSocketServer({ noServer: true });
  it.origin.upgradeWith((request, socket, head) => origin.handleUpgrade(request, socket, head, () => undefined));
  const socket = new WebSocket(it.url.replace("http", "ws"), { headers: it.pair });
  await new Promise((resolve) => socket.once("open", resolve));
  expect((await scrape()).get("gatehouse_websockets_open")).toBe(1);
  socket.terminate();
  await expect.poll(async () => (await scrape()).get("gatehouse_websockets_open"), { timeout: 5_000 }).toBe(0);
});

test("a store that answers with errors is counted, and for how long it does", async () => {
  expect((await scrape()).get("gatehouse_store_errors_total")).toBe(0);
  const other = await openStore(it.config.databaseUrl);
  await sql`alter table changes rename to gone`.execute(other);
  const read = async () => {
    const samples = await scrape();
    const [errors = 0, staleness = 0] = ["errors_total", "staleness_seconds"].map((name) =>
      samples.get(`gatehouse_store_${name}`),
    );
    return errors > 0 && staleness > 0;
  };
  await expect.poll(read, { timeout: 15_000 }).toBe(true);
  await sql`alter table gone rename to changes`.execute(other);
  await other.destroy();
});

test("finished requests and audit events are published to whoever listens in the process", async () => {
  const requests: unknown[] = [];
  const audits: unknown[] = [];
  const onRequest = (message: unknown) => requests.push(message);
  const onAudit = (message: unknown) => audits.push(message);
  subscribe("gatehouse:gateway:request", onRequest);
  subscribe("gatehouse:gateway:audit", onAudit);
  const response = await fetch(`${it.url}/report?q=1`, { redirect: "manual" });
  unsubscribe("gatehouse:gateway:request", onRequest);
  unsubscribe("gatehouse:gateway:audit", onAudit);
  const rayId = response.headers.get("cf-ray");
  expect(requests).toMatchObject([
    { rayId, method: "GET", host: it.host, path: "/report", status: 401, decision: "refused", application: "Stats" },
  ]);
  expect(audits).toMatchObject([{ event: "request.refused", rayId, reason: "no_credential" }]);
});

test("docs/operations.md has every metric of ours, and no other", async () => {
  const text = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
  const listed = [...text.matchAll(/^\| `(gatehouse_\w+)`/gm)].map(([, name]) => name);
  const body = await (await fetch(`${it.adminUrl}/metrics`)).text();
  const exposed = [...body.matchAll(/^# TYPE (gatehouse_\w+)/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(exposed.toSorted());
  for (const [, name = ""] of text.matchAll(/(gatehouse_\w+)[{[)]/g)) {
    expect(exposed).toContain(name.replace(/_bucket$/, ""));
  }
});
