import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AccessRequestQuery,
  readAccessRequestQuery,
} from "../../../gateway/src/admin-api/access-request-query.ts";
import { ApiError } from "../../../gateway/src/admin-api/api-error.ts";
import { readAuditFilter } from "../../../gateway/src/admin-api/audit-query.ts";
import { startAuditLog } from "../support/audit.ts";
import { stores } from "../support/stores.ts";

const read = (text: string) => readAuditFilter(new URLSearchParams(text), ["limit", "before"]);

test("a query becomes a filter; fields left empty in a form are no filter", () => {
  expect(
    read(
      "kind=access&event=login.*,request.refused&allowed=false&since=2026-11-01&until=2026-11-23T12:00:00Z&ip=&search= a",
    ),
  ).toEqual({
    kind: "access",
    events: ["login.*", "request.refused"],
    isAllowed: false,
    sinceMs: Date.parse("2026-11-01"),
    untilMs: Date.parse("2026-11-23T12:00:00Z"),
    search: "a",
  });
  expect(read("")).toEqual({});
});

test("what is misspelt is told, with what there is", () => {
  const problem = (text: string) => {
    try {
      return JSON.stringify(read(text));
    } catch (error) {
      return (error as ApiError).message;
    }
  };
  expect(problem("acter=x")).toContain('no parameter "acter"; there are kind, event, actor');
  expect(problem("event=login.denied")).toContain('no event "login.denied"; there are request.refused');
  expect(problem("event=log*")).toContain("no event");
  expect(problem("kind=both")).toContain("kind is access or change");
  expect(problem("since=last week")).toContain("since is an instant such as 2026-12-01T00:00:00Z");
  expect(problem("since=2026-13-41")).toContain("since is an instant");
  expect(problem("since=2026-11-01T00:00:00+01:00")).toContain('"sinceMs"');
});

test("of access requests, limit is the size of a page, or a bound on all pages where per_page is given", () => {
  const extent = (text: string) => {
    const { skip, limit } = readAccessRequestQuery(new URLSearchParams(text)).scan;
    return [skip, limit];
  };
  expect(extent("")).toEqual([0, 25]);
  expect(extent("limit=300")).toEqual([0, 300]);
  expect(extent("limit=300&page=2")).toEqual([300, 300]);
  expect(extent("limit=5000")).toEqual([0, 1_000]);
  expect(extent("per_page=50&page=3")).toEqual([100, 50]);
  expect(extent("per_page=50&page=3&limit=120")).toEqual([100, 20]);
  expect(readAccessRequestQuery(new URLSearchParams("per_page=50&page=4&limit=120")).filter).toBeUndefined();
  expect(readAccessRequestQuery(new URLSearchParams("limit=0")).filter).toBeUndefined();
});

const NAMES = ["kind", "event", "actor", "email", "emailOp", "email_exact", "allowed", "allowedOp", "since", "until"];
const names = fc.constantFrom(...NAMES, "page", "per_page", "limit", "direction", "search", "ray_id", "before", "idp");
/** Those that a reader besides the filter's takes. */
const OTHERS = ["emailOp", "email_exact", "allowedOp", "page", "per_page", "limit", "direction", "before", "idp"];
const values = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "true",
    "eq",
    "neq",
    "1",
    "-1",
    "1e9",
    "9".repeat(15),
    "asc",
    "2026-11-01",
    "%",
    "'",
    "\0",
    "login.*",
  ),
);
const queries = fc.array(fc.tuple(names, values), { maxLength: 6 }).map((pairs) => new URLSearchParams(pairs));

test("any query is read or refused with 400, and what was read runs on every store", async () => {
  const logs = await Promise.all(stores.map((store) => startAuditLog(store)));
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const readers: readonly (() => AccessRequestQuery)[] = [
        () => ({ filter: readAuditFilter(query, OTHERS), scan: {} }),
        () => readAccessRequestQuery(query),
      ];
      for (const readIt of readers) {
        const asked = attempt(readIt);
        if (asked?.filter === undefined) continue;
        for (const { audit } of logs) {
          for await (const lines of audit.scan(asked.filter, asked.scan)) expect(lines.length).toBeGreaterThan(0);
        }
      }
    }),
    { numRuns: 300 },
  );
  for (const log of logs) await log.close();
});

function attempt<T>(readIt: () => T): T | undefined {
  try {
    return readIt();
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).status).toBe(400);
    return undefined;
  }
}
