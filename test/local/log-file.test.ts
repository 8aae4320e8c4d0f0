import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@gatehouse/service";
import { beforeEach, expect, test } from "vitest";
import { openLogFile } from "../../local/log-file.ts";

let folder: string;
let shown: string[];
const terminal = { write: (text: string) => shown.push(text) } as unknown as NodeJS.WritableStream;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-log-"));
  shown = [];
});

test("every line goes to the file, for its owner only; the terminal has warnings, in short", () => {
  const log = openLogFile(folder, "warn", terminal);
  const logger = createLogger({ app: "gateway", destination: log });
  logger.info({ path: "/" }, "request");
  logger.warn({ err: new Error("refused"), traceId: "abc" }, "origin unreachable");
  expect(readFileSync(log.path, "utf8").trim().split("\n")).toHaveLength(2);
  expect(statSync(log.path).mode & 0o777).toBe(0o600);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatch(/^\d\d:\d\d:\d\d gateway warn: origin unreachable \(refused\) traceId=abc\n$/);
});

test("the terminal names what lies at the bottom of an error too", () => {
  const logger = createLogger({ app: "bot", destination: openLogFile(folder, "warn", terminal) });
  const unreachable = new Error("No exchange.", { cause: new Error("getaddrinfo ENOTFOUND stats.example") });
  logger.error({ err: new Error("No exchange. Check the gateway.", { cause: unreachable }) }, "question failed");
  expect(shown[0]).toContain("(No exchange. Check the gateway. Cause: getaddrinfo ENOTFOUND stats.example)");
});

test("what a stranger wrote cannot steer the terminal", () => {
  const logger = createLogger({ app: "gateway", destination: openLogFile(folder, "warn", terminal) });
  logger.warn({ err: new Error("\u001b[2J\u001b]0;owned\u0007 gone") }, "odd");
  expect(shown.join("").trimEnd()).not.toMatch(/\p{Cc}/u);
});

test("a log that grew long is put aside at the next start", () => {
  writeFileSync(join(folder, "gatehouse.log"), Buffer.alloc(20_000_001, "x"));
  const { path } = openLogFile(folder, "warn", terminal);
  expect(existsSync(`${path}.1`)).toBe(true);
  expect(statSync(path).size).toBe(0);
});
