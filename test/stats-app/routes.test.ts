import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLIENT_ID } from "./support/access.ts";
import { startTestStats, type TestStats } from "./support/stats.ts";

let stats: TestStats;
beforeAll(async () => {
  stats = await startTestStats();
});
afterAll(() => stats.close());

const event = { id: "e-1", event: "signup", time: "2026-11-22T10:00:00Z", user: "u-1", dimensions: { country: "DE" } };

describe("who gets in", () => {
  const routes = [
    ["GET", "/"],
    ["GET", "/page/main.ts"],
    ["GET", "/modules/preact.mjs"],
    ["GET", "/api/v1/metrics"],
    ["GET", "/api/v1/schema"],
    ["GET", "/api/v1/me"],
    ["POST", "/api/v1/query"],
    ["POST", "/api/v1/events"],
    ["GET", "/nowhere"],
  ] as const;

  test.each(routes)("%s %s is refused without a JWT and says nothing else", async (method, path) => {
    const response = await fetch(`${stats.origin}${path}`, { method });
    expect(response.status).toBe(401);
    const { error } = (await response.json()) as { error: { code: string; requestId: string } };
    expect(error.code).toBe("ERR_UNAUTHORIZED");
    expect(error.requestId).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(routes)("%s %s is refused with a JWT for another application", async (method, path) => {
    const headers = await stats.access.asService({ aud: ["b".repeat(64)] });
    expect((await fetch(`${stats.origin}${path}`, { method, headers })).status).toBe(401);
  });

  test.each([
    ["expired", { exp: 1_700_000_000 }],
    ["of another issuer", { iss: "https://evil.example.com" }],
    ["made for another purpose", { type: "org" }],
    ["of nobody", { common_name: undefined }],
  ])("a JWT that is %s is refused", async (_case, claims) => {
    const headers = await stats.access.asService(claims);
    expect((await fetch(`${stats.origin}/api/v1/metrics`, { headers })).status).toBe(401);
  });

  test("identity headers without a JWT count for nothing", async () => {
    const headers = { "cf-access-authenticated-user-email": "ada@acme.example.com", cookie: "CF_Authorization=x" };
    expect((await fetch(`${stats.origin}/api/v1/me`, { headers })).status).toBe(401);
  });

  test("health is open and tells nothing", async () => {
    expect(await (await fetch(`${stats.origin}/healthz`)).text()).toBe("ok\n");
    expect(await (await fetch(`${stats.origin}/readyz`)).text()).toBe("ready\n");
  });

  test("a bot and a person are told who they are", async () => {
    const bot = await fetch(`${stats.origin}/api/v1/me`, { headers: await stats.access.asService() });
    expect(await bot.json()).toEqual({ kind: "service", clientId: CLIENT_ID });
    const person = await fetch(`${stats.origin}/api/v1/me`, { headers: await stats.access.asPerson() });
    expect(await person.json()).toEqual({ kind: "person", email: "ada@acme.example.com", name: "Ada Lovelace" });
  });

  test("a person cannot post events", async () => {
    const response = await stats.post("/api/v1/events", JSON.stringify([event]), await stats.access.asPerson());
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "ERR_INGEST_SERVICE_ONLY" } });
  });
});

describe("events in", () => {
  const ndjson = async (text: string, query = "") => {
    const headers = { ...(await stats.access.asService()), "content-type": "application/x-ndjson" };
    return stats.post(`/api/v1/events${query}`, text, headers);
  };

  test("good lines are kept and bad ones reported by line", async () => {
    const lines = [
      JSON.stringify({ ...event, id: "l-1" }),
      "",
      "{not json",
      JSON.stringify({ ...event, id: "l-2", time: "2026-11-22" }),
      JSON.stringify({ ...event, id: "l-1" }),
      JSON.stringify({ ...event, id: "l-3", colour: "red" }),
    ];
    const response = await ndjson(lines.join("\n"));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      accepted: 1,
      duplicates: 1,
      rejected: [
        { line: 3, id: null, problem: "is not JSON" },
        { line: 4, id: "l-2", problem: "time: needs a time of day and Z or an offset" },
        { line: 6, id: "l-3", problem: "colour: is not a field of an event" },
      ],
    });
  });

  test("with strict, one bad event refuses them all", async () => {
    const lines = [
      { ...event, id: "s-1" },
      { ...event, id: "s-2", value: "12" },
    ].map((line) => JSON.stringify(line));
    const refused = await ndjson(lines.join("\n"), "?strict=true");
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      error: {
        code: "ERR_INGEST_REJECTED",
        problems: [{ path: "line 2", message: "value: must be a finite number" }],
      },
    });
    expect(await (await ndjson(lines[0] ?? "")).json()).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test("an array, an object with events and gzip are taken too", async () => {
    const one = await stats.post("/api/v1/events", JSON.stringify([{ ...event, id: "j-1" }]));
    expect(await one.json()).toMatchObject({ accepted: 1 });
    const zipped = gzipSync(JSON.stringify({ events: [{ ...event, id: "j-2" }] }));
    const headers = { ...(await stats.access.asService()), "content-encoding": "gzip" };
    expect(await (await stats.post("/api/v1/events", zipped, headers)).json()).toMatchObject({ accepted: 1 });
  });

  test.each([
    ["a body that is not JSON", "application/json", "{", 400, "ERR_INGEST_BODY_INVALID"],
    ["an object without events", "application/json", "{}", 400, "ERR_INGEST_BODY_INVALID"],
    ["bytes that are not UTF-8", "application/x-ndjson", "\xff", 400, "ERR_INGEST_BODY_INVALID"],
    ["another content type", "text/csv", "a,b", 415, "ERR_REQUEST_CONTENT_TYPE"],
    [
      "a body beyond 16 MiB",
      "application/x-ndjson",
      " ".repeat(16 * 1024 * 1024 + 1),
      413,
      "ERR_INGEST_BODY_TOO_LARGE",
    ],
  ])("%s is refused", async (_case, type, body, status, code) => {
    const headers = { ...(await stats.access.asService()), "content-type": type };
    const response = await stats.post("/api/v1/events", Buffer.from(body, "latin1"), headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test("a gzip bomb is cut off at the same size", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const headers = { ...(await stats.access.asService()), "content-encoding": "gzip" };
    expect((await stats.post("/api/v1/events", bomb, headers)).status).toBe(413);
  });

  test("concurrent batches with the same ids store each once", async () => {
    const batch = JSON.stringify(Array.from({ length: 50 }, (_, index) => ({ ...event, id: `c-${index}` })));
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => (await stats.post("/api/v1/events", batch)).json()),
    );
    const sums = answers as { accepted: number; duplicates: number }[];
    expect(sums.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(50);
    expect(sums.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(350);
  });
});

describe("failures", () => {
  const ask = async (query: object) => {
    const response = await stats.post("/api/v1/query", JSON.stringify(query));
    return { status: response.status, error: ((await response.json()) as { error: Record<string, unknown> }).error };
  };
  const good = { metric: "signups", range: { from: "2026-11-16", to: "2026-11-23" } };

  test.each([
    ["an unknown metric", { metric: "signup" }, "ERR_QUERY_UNKNOWN_METRIC", ["signups"]],
    ["an unknown dimension", { breakdown: "county" }, "ERR_QUERY_UNKNOWN_DIMENSION", ["country"]],
    [
      "an unknown value",
      { filters: [{ dimension: "country", operator: "is", values: ["Germny"] }] },
      "ERR_QUERY_UNKNOWN_VALUE",
      ["DE"],
    ],
  ])("%s comes with suggestions", async (_case, changes, code, suggestions) => {
    const { status, error } = await ask({ ...good, ...changes });
    expect(status).toBe(400);
    expect(error).toMatchObject({ code, suggestions });
  });

  test.each([
    ["a range that ends before it begins", { range: { from: "2026-11-23", to: "2026-11-16" } }, "range.to"],
    ["a day that does not exist", { range: { from: "2026-02-30", to: "2026-11-16" } }, "range.from"],
    ["a zone that does not exist", { range: { ...good.range, timeZone: "Mars/Olympus" } }, "range.timeZone"],
    ["a limit of 0", { limit: 0 }, "limit"],
    ["a field that does not exist", { colour: "red" }, "query"],
  ])("%s is named by its place", async (_case, changes, path) => {
    const { status, error } = await ask({ ...good, ...changes });
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: "ERR_QUERY_INVALID", problems: [{ path }] });
  });

  test("too many points are refused with what to do", async () => {
    const { error } = await ask({ ...good, range: { from: "2020-01-01", to: "2026-01-01" }, granularity: "hour" });
    expect(error["code"]).toBe("ERR_QUERY_TOO_MANY_BUCKETS");
  });

  test("many groups of many points are refused with what to do", async () => {
    const range = { from: "2026-01-01", to: "2026-11-01" };
    const { error } = await ask({ ...good, range, granularity: "day", breakdown: "country", limit: 100 });
    expect(error).toMatchObject({ code: "ERR_QUERY_TOO_MANY_BUCKETS", problems: [{ path: "limit" }] });
  });

  test("a query that a form could send is refused: the person's cookie would be with it", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const headers = { ...(await stats.access.asService()), "content-type": type };
      const response = await stats.post("/api/v1/query", JSON.stringify(good), headers);
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ error: { code: "ERR_REQUEST_CONTENT_TYPE" } });
    }
  });

  test("words of SQL in a filter are only words", async () => {
    const filters = [{ dimension: "country", operator: "is", values: ["x' OR 1=1 --"] }];
    expect((await ask({ ...good, filters })).error["code"]).toBe("ERR_QUERY_UNKNOWN_VALUE");
  });

  test("an address that does not exist is 404", async () => {
    const response = await fetch(`${stats.origin}/api/v1/nothing`, { headers: await stats.access.asPerson() });
    expect(response.status).toBe(404);
  });
});

describe("logs", () => {
  test("each request is one JSON line with the trace it came with, and no JWT", async () => {
    const headers = await stats.access.asPerson();
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    await fetch(`${stats.origin}/api/v1/me`, { headers: { ...headers, traceparent } });
    await expect.poll(() => stats.lines.filter((line) => line.includes(traceId)).length).toBe(1);
    const line = stats.lines.find((text) => text.includes(traceId)) ?? "";
    expect(JSON.parse(line)).toMatchObject({ traceId, method: "GET", path: "/api/v1/me", status: 200 });
    for (const text of stats.lines) expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });
});

describe("the log of a refusal", () => {
  test("is one line with the exact reason, which the answer does not tell", async () => {
    const traceId = "5bf92f3577b34da6a3ce929d0e0e4736";
    const headers = {
      ...(await stats.access.asService({ aud: ["b".repeat(64)] })),
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    };
    const response = await fetch(`${stats.origin}/api/v1/metrics`, { headers });
    expect(await response.text()).not.toMatch(/audience|aud/i);
    await expect.poll(() => stats.lines.filter((line) => line.includes(traceId)).length).toBe(1);
    const line = stats.lines.find((text) => text.includes(traceId)) ?? "";
    expect(JSON.parse(line)).toMatchObject({ status: 401, code: "ERR_ASSERTION_AUDIENCE" });
  });
});

describe("the page", () => {
  test("scripts run only from this app and by the import map's hash", async () => {
    const response = await fetch(`${stats.origin}/`, { headers: await stats.access.asPerson() });
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/script-src 'self' 'sha256-[^']+'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await response.text()).toContain("importmap");
  });

  test.each(["/modules/preact.mjs", "/modules/preact-hooks.mjs", "/modules/htm.mjs", "/modules/echarts.mjs"])(
    "%s is a browser module",
    async (path) => {
      const response = await fetch(`${stats.origin}${path}`, { headers: await stats.access.asPerson() });
      expect(response.headers.get("content-type")).toContain("text/javascript");
      expect(await response.text()).toMatch(/export\s*\{|export\s+default/);
    },
  );

  test.each([
    "/page/../page-html.ts",
    "/page/%2e%2e/page-html.ts",
    "/page/..%2fpage-html.ts",
    "/modules/../../main.ts",
  ])("%s does not leave the page's folder", async (path) => {
    const response = await fetch(`${stats.origin}${path}`, { headers: await stats.access.asPerson() });
    expect(response.status).toBe(404);
  });
});
