import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogger, redactSecrets } from "../../service/src/index.ts";

function capture(): { lines: string[]; logger: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines, logger: createLogger({ app: "test", destination: { write: (line) => lines.push(line) } }) };
}

describe("createLogger", () => {
  test("writes one JSON object a line with app, level, ISO time and message", () => {
    const { lines, logger } = capture();
    logger.info({ traceId: "abc" }, "answered");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ app: "test", level: "info", traceId: "abc", msg: "answered" });
    expect(JSON.parse(lines[0] ?? "").time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test("tells an error with its code and its causes, also one that causes itself", () => {
    const { lines, logger } = capture();
    const cause = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
    cause.cause = cause;
    logger.error({ err: new Error("no store", { cause }), tries: 3 }, "failed");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      err: { type: "Error", message: "no store", cause: { message: "connection refused", code: "ECONNREFUSED" } },
      tries: 3,
      msg: "failed",
    });
  });

  test("writes what JSON has no form for as a person would read it, and leaves out what is not there", () => {
    const { lines, logger } = capture();
    const circle: Record<string, unknown> = { big: 10n };
    circle.self = circle;
    logger.info(circle, "odd");
    logger.info({ gone: undefined }, "empty");
    logger.info("alone");
    logger.debug("too low");
    expect(JSON.parse(lines[0] ?? "").details).toContain("10n");
    expect(lines.slice(1).map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ["level", "time", "app", "msg"],
      ["level", "time", "app", "msg"],
    ]);
  });

  test.each([
    ["a Slack bot token in a message", ["xoxb", "123456-abcdef"].join("-")],
    ["a Slack app token", ["xapp", "1-A1-123-abc"].join("-")],
    ["a client secret", `cfast_${"a1".repeat(24)}`],
    ["an API token", `gatehouse_${"a1".repeat(24)}`],
    ["a JWT's payload", ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiIifQ", "c2lnbmF0dXJl"].join(".")],
    ["a response URL", "https://hooks.slack.com/commands/T1/2/secretpart"],
  ])("removes %s wherever it stands", (_case, secret) => {
    const { lines, logger } = capture();
    logger.error({ err: new Error(`failed with\n${secret}`), nested: { deep: [secret] } }, `saw ${secret}`);
    expect(lines.join("")).not.toContain(secret);
  });

  test.each(["authorization", "cookie", "set-cookie", "clientSecret", "client_secret", "token", "password"])(
    "drops the value under the key %s",
    (key) => {
      const { lines, logger } = capture();
      logger.info({ [key]: "plain-value-1", headers: { [key]: "plain-value-2" } }, "request");
      expect(lines.join("")).not.toMatch(/plain-value/);
    },
  );

  test("reads what a stranger wrote once, however often a JWT seems to begin in it", { timeout: 10_000 }, () => {
    const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIifQ.c2ln";
    const text = `${"eyJ".repeat(3_000_000)} ${jwt}`;
    const safe = redactSecrets(text);
    expect(safe.slice(0, 100)).toBe(text.slice(0, 100));
    expect(safe.slice(-40)).toMatch(/ eyJhbGciOiJSUzI1NiJ9\.\[redacted\]$/);
  });

  test("removes a secret beside the name of its header, quoted or not", () => {
    const { lines, logger } = capture();
    logger.info(
      { text: 'cf-access-client-secret: "old1" CF-Access-Client-Secret=old2' },
      "{'cf-access-client-secret': old3}",
    );
    expect(lines.join("")).not.toMatch(/old[12]/);
  });

  test.each(["\u001c", "\udf0c", "\\\u001c", "\\u001c"])(
    "an escape that ends in the c of a secret stays whole: %j",
    (before) => {
      const { lines, logger } = capture();
      logger.info({ path: `${before}fast_a1b2c3d4e5` }, "request");
      expect(JSON.parse(lines[0] ?? "").path).toBe(`${before}[client secret]`);
    },
  );

  test("whatever a stranger wrote, the line is still one object, with the fields that we gave it", () => {
    const pieces =
      'cf-access-client-secret|CF_Authorization=|eyJa.|eyJb|xoxb-|cfast_|a1b2c3d4e5|https://hooks.slack.com/|:|=|"|\\|,|;|{|[|}| |\n|level'.split(
        "|",
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
        const { lines, logger } = capture();
        logger.info({ path: parts.join("") }, "request");
        const line = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
        expect(Object.keys(line)).toEqual(["level", "time", "app", "path", "msg"]);
        expect(line).toMatchObject({ level: "info", msg: "request" });
      }),
    );
  });
});
