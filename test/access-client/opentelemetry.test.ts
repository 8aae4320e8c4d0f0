import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, type ContextManager, context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PAIR } from "./support/fake-gateway.ts";
import { start } from "./support/harness.ts";

const exporter = new InMemorySpanExporter();

/** What an SDK brings along: the active span follows asynchronous work. */
function asyncContext(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...args) => storage.run(active, () => run.apply(self, args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(asyncContext());
});
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
});

const finished = () =>
  exporter.getFinishedSpans().map(({ name, kind, attributes, status }) => ({ name, kind, attributes, status }));

describe("14. Telemetry: with OpenTelemetry", () => {
  test("a request and its exchange are spans with the attributes of the HTTP conventions", async () => {
    const { gateway, client } = await start();
    await (await client.request("/api?key=hidden", { method: "POST" })).body.dump();
    const server = { "server.address": "127.0.0.1", "server.port": Number(new URL(gateway.origin).port) };
    expect(finished()).toMatchObject([
      {
        name: "access.exchange",
        kind: SpanKind.INTERNAL,
        attributes: { ...server, "gatehouse.access.client_id": PAIR.clientId, "gatehouse.access.mode": "exchange" },
      },
      {
        name: "access.request",
        kind: SpanKind.INTERNAL,
        attributes: { ...server, "http.request.method": "POST", "url.path": "/api", "http.response.status_code": 200 },
      },
    ]);
  });

  test("they are children of the caller's span", async () => {
    const { get } = await start();
    const parent = trace.getTracer("test").startSpan("question");
    await context.with(trace.setSpan(context.active(), parent), () => get());
    parent.end();
    const [exchange, request] = exporter.getFinishedSpans();
    for (const span of [exchange, request]) {
      expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    }
  });

  test("a warm request is one span; a replay shows as a resend", async () => {
    const { gateway, get } = await start();
    await get();
    exporter.reset();
    await get();
    expect(finished().map(({ name }) => name)).toEqual(["access.request"]);
    gateway.revokeAll();
    await get();
    expect(finished().at(-1)?.attributes).toMatchObject({ "http.request.resend_count": 1 });
  });

  test("a refusal is an error with its code, reason and ray, and no span holds a secret", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.isForbidden = true;
    await client.request("/").catch(() => undefined);
    expect(finished().at(-1)).toMatchObject({
      status: { code: 2, message: expect.stringContaining("no policy") },
      attributes: {
        "error.type": "ERR_ACCESS_FORBIDDEN",
        "http.response.status_code": 403,
        "gatehouse.access.reason": "no_policy_matched",
        "gatehouse.access.ray_id": "8f00ba4",
      },
    });
    for (const secret of [PAIR.clientSecret, ...gateway.tokens])
      expect(JSON.stringify(finished())).not.toContain(secret);
  });

  test("a failed exchange is an error of both", async () => {
    const { get } = await start({}, { exchangeFailure: "cut" });
    await get();
    expect(finished().map(({ attributes }) => attributes["error.type"])).toEqual(
      Array(2).fill("ERR_ACCESS_EXCHANGE_FAILED"),
    );
  });
});
