import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requestLine } from "../../../gateway/src/request/request-line.ts";
import type { Visit, VisitRecord } from "../../../gateway/src/request/visit.ts";
import { createLogger, type Logger } from "../../../service/src/index.ts";

const SECRET = `cfast_${"a1".repeat(24)}`;
const JWT = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiIifQ", "c2lnbmF0dXJl"].join(".");

function writtenBy(log: (logger: Logger) => void): string {
  const lines: string[] = [];
  log(createLogger({ app: "gateway", destination: { write: (line) => lines.push(line) } }));
  return lines.join("").replace(/"time":"[^"]*"/, '"time":""');
}

/** What a stranger may write: pieces of secrets and of JSON, control characters, halves of surrogate pairs. */
const PIECES = [
  "cfast_",
  "a1b2c3d4e5",
  "eyJa",
  ".eyJb.c",
  "cf-access-client-secret",
  "CF_Authorization=",
  "xoxb-123456",
];
const SIGNS = [
  ":",
  "=",
  '"',
  "\\",
  ",",
  "}",
  "[",
  " ",
  "\n",
  "\u001c",
  "\u007f",
  "\u2028",
  "é",
  "😀",
  "\ud83d",
  "\udf0c",
];
const strange = fc.array(fc.constantFrom(...PIECES, ...SIGNS, '"token":"x"')).map((parts) => parts.join(""));

function visitOf(record: VisitRecord): Visit {
  const visit = {
    request: { method: "GET" },
    response: { statusCode: 200 },
    rayId: "0123456789abcdef",
    trace: { traceId: "0".repeat(32), traceparent: "" },
    facts: { ip: "2001:db8::1", country: null, certificateName: null },
    record,
  };
  return visit as unknown as Visit;
}

function lineOf(record: VisitRecord): Record<string, unknown> & { text: string } {
  const text = writtenBy((logger) => logger.info(requestLine(visitOf(record), 1.2345), "request"));
  return { ...JSON.parse(text), text };
}

describe("a request's line", () => {
  test("says who asked for what, and what became of it", () => {
    const line = lineOf({
      host: "stats.example",
      path: "/a",
      credential: "token",
      decision: "allowed",
      policy: "bots",
      subject: { kind: "service_token", clientId: "abc.access" },
      originMs: 0.5,
    });
    expect(line).toMatchObject({
      level: "info",
      app: "gateway",
      rayId: "0123456789abcdef",
      ip: "2001:db8::1",
      method: "GET",
      status: 200,
      host: "stats.example",
      path: "/a",
      credential: "token",
      subject: { kind: "service_token", clientId: "abc.access" },
      policy: "bots",
      decision: "allowed",
      originMs: 0.5,
      durationMs: 1.23,
      msg: "request",
    });
    expect(Object.keys(line)).not.toContain("reason");
  });

  test("is one line of JSON with the very values, whatever they are", () => {
    const value = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme-ascii" }));
    fc.assert(
      fc.property(value, value, value, value, (path, policy, detail, email) => {
        const subject = { kind: "person", email } as const;
        const line = lineOf({ path, policy, detail, subject });
        expect(line).toMatchObject({ path, policy, detail, subject });
        expect(line.text.indexOf("\n")).toBe(line.text.length - 1);
      }),
    );
  });

  test("is byte for byte what an object of the same fields gives", () => {
    const text = fc.oneof(strange, fc.string({ unit: "binary" }));
    const maybe = fc.option(text, { nil: undefined });
    const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(maybe, text, text, maybe, text, ms, (host, path, policy, detail, clientId, durationMs) => {
        const subject = { kind: "service_token", clientId } as const;
        const record = {
          ...(host !== undefined && { host }),
          path,
          policy,
          ...(detail !== undefined && { detail }),
          subject,
        };
        const whole = visitOf(record);
        const ours = {
          traceId: whole.trace.traceId,
          rayId: whole.rayId,
          ip: whole.facts.ip,
          method: "GET",
          status: 200,
        };
        const rounded = Math.round(durationMs * 100) / 100;
        const fields = { ...ours, host, path, subject, policy, detail, durationMs: rounded };
        expect(writtenBy((logger) => logger.info(requestLine(whole, durationMs), "request"))).toBe(
          writtenBy((logger) => logger.info(fields, "request")),
        );
      }),
    );
  });

  test.each([
    ["a client secret in the path", { path: `/x/${SECRET}` }, SECRET],
    ["one after a quote", { path: `/"${SECRET}"` }, SECRET],
    ["a JWT in the detail", { detail: `seen\n${JWT}` }, JWT],
    ["a JWT in place of an address", { subject: { kind: "person", email: JWT } as const }, JWT],
    ["a cookie in the detail", { detail: `CF_Authorization=${JWT}; a=b` }, JWT],
  ])("has no secret: %s", (_case, record: VisitRecord, secret) => {
    expect(lineOf(record).text).not.toContain(secret);
  });
});
