import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AccessVerifyError,
  type AccessVerifyErrorCode,
  accessMiddleware,
  accessSubject,
  type Subject,
  type Verifier,
} from "@gatehouse/access-client/verify";
import { afterEach, expect, test } from "vitest";

const bot = { kind: "service", clientId: "bot.access", claims: {} } as Subject;
const refusals: string[] = [];
let close: () => Promise<unknown> = async () => undefined;
let onRefused: ((code: string) => void) | undefined;
afterEach(() => {
  onRefused = undefined;
  return close();
});

/** Accepts the JWT `good`, and refuses any other with the code that it names. */
const verifier: Verifier = {
  async verify(jwt) {
    if (jwt === "good") return bot;
    if (jwt === "broken") throw new RangeError("a bug");
    if (jwt === "undefined") throw undefined;
    if (jwt === "route") throw "route";
    throw new AccessVerifyError(jwt as AccessVerifyErrorCode, "exact reason");
  },
};

async function get(headers: Record<string, string | string[]>) {
  const guard = accessMiddleware<IncomingMessage>(verifier, {
    onRefused: (error) => (onRefused === undefined ? refusals.push(error.code) : onRefused(error.code)),
    requestId: () => "r-1",
  });
  const server = createServer((incoming, response) => {
    void guard(incoming, response, (error) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(error === undefined ? accessSubject(incoming).kind : String(error));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  close = () => once(server.close(), "close");
  const outgoing = request({ port: (server.address() as AddressInfo).port, headers, agent: false }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const body = (await response.toArray()).join("");
  return { status: response.statusCode, headers: response.headers, body };
}

test("a valid assertion passes and its subject can be asked for", async () => {
  expect(await get({ "CF-Access-JWT-Assertion": "good" })).toMatchObject({ status: 200, body: "service" });
});

test("a refusal is 401 with a bland body, and the exact reason goes to onRefused", async () => {
  const answer = await get({ "cf-access-jwt-assertion": "ERR_ASSERTION_EXPIRED" });
  expect(answer.status).toBe(401);
  expect(JSON.parse(answer.body)).toEqual({
    error: { code: "ERR_UNAUTHORIZED", message: expect.any(String), requestId: "r-1" },
  });
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(refusals.at(-1)).toBe("ERR_ASSERTION_EXPIRED");
});

test("without an assertion nothing passes, whatever else is sent", async () => {
  const others = { cookie: "CF_Authorization=good", "cf-access-token": "good", cf_access_jwt_assertion: "good" };
  expect((await get(others)).status).toBe(401);
  expect(refusals.at(-1)).toBe("ERR_ASSERTION_MISSING");
});

test("a header whose value is our header's name is not mistaken for it", async () => {
  expect((await get({ "x-a": "cf-access-jwt-assertion", good: "good" })).status).toBe(401);
});

test("two assertions are refused even when both are good", async () => {
  expect((await get({ "cf-access-jwt-assertion": ["good", "good"] })).status).toBe(401);
  expect(refusals.at(-1)).toBe("ERR_ASSERTION_DUPLICATE");
});

test.each(["ERR_ASSERTION_KEYS_UNAVAILABLE", "ERR_ASSERTION_REVOCATION_UNKNOWN"])(
  "%s is 503, for the caller did nothing wrong",
  async (code) => {
    expect((await get({ "cf-access-jwt-assertion": code })).status).toBe(503);
  },
);

test.each(["undefined", "route"])("a thrown %s, which would pass as `next(%s)`, is an error", async (thrown) => {
  expect(await get({ "cf-access-jwt-assertion": thrown })).toMatchObject({ status: 500 });
});

test("an onRefused that throws lets nothing pass, and is handed on", async () => {
  onRefused = () => {
    throw new RangeError("the log is full");
  };
  const answer = await get({ "cf-access-jwt-assertion": "ERR_ASSERTION_EXPIRED" });
  expect(answer).toMatchObject({ status: 500, body: "RangeError: the log is full" });
});

test("a bug is handed on as itself and never lets the request pass", async () => {
  expect(await get({ "cf-access-jwt-assertion": "broken" })).toMatchObject({ status: 500, body: "RangeError: a bug" });
});

test("asking for the subject of an unguarded request is a programmer's mistake", () => {
  expect(() => accessSubject({})).toThrow(TypeError);
});
