import { afterEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { type RawAnswer, rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
afterEach(() => it.close());

const PAGE = "https://page.example";

function preflight(origin = PAGE, lines: readonly string[] = []): Promise<RawAnswer> {
  const asked = ["Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-one, x-two"];
  return sendRaw(it.port, rawRequest("/x", [`Host: ${it.host}`, `Origin: ${origin}`, ...asked, ...lines], "OPTIONS"));
}

const values = ({ head }: RawAnswer, name: string) =>
  head
    .split("\r\n")
    .filter((line) => line.toLowerCase().startsWith(`${name}: `))
    .map((line) => line.slice(name.length + 2));

const cors = (fields: string) => startGateway({ fields: `    cors_headers: ${fields}` });

describe("a preflight", () => {
  test("is refused with 403, which no credential of the browser could have changed", async () => {
    it = await startGateway();
    const { status, body, head } = await preflight();
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ error: "forbidden", reason: "preflight_refused", status_code: 403 });
    expect(head).not.toContain("access-control");
    expect(it.origin.requests).toHaveLength(0);
  });

  test("goes to the origin without an identity where options_preflight_bypass says so, and nothing else does", async () => {
    it = await startGateway({ fields: "    options_preflight_bypass: true" });
    const { status } = await preflight(PAGE, ["Cf-Access-Jwt-Assertion: forged"]);
    expect(status).toBe(200);
    const [seen] = it.origin.requests;
    expect(seen?.method).toBe("OPTIONS");
    expect(seen?.values("cf-access-jwt-assertion")).toEqual([]);
    for (const [method, lines] of [
      ["GET", [`Origin: ${PAGE}`, "Access-Control-Request-Method: PUT"]],
      ["OPTIONS", [`Origin: ${PAGE}`]],
      ["OPTIONS", ["Access-Control-Request-Method: PUT"]],
    ] as const) {
      const answer = await sendRaw(it.port, rawRequest("/x", [`Host: ${it.host}`, ...lines], method));
      expect(answer.status).toBe(401);
    }
    expect(it.origin.requests).toHaveLength(1);
  });

  test("of a bypassed application is the origin's", async () => {
    it = await startGateway({ policies: "\n      - { name: open, decision: bypass, include: [{ everyone: {} }] }" });
    expect((await preflight()).status).toBe(200);
    expect(it.origin.requests).toHaveLength(1);
  });

  test("is answered by cors_headers, for the origins in it", async () => {
    it = await cors(
      `{ allowed_origins: ["${PAGE}"], allowed_methods: [GET, PUT], allowed_headers: [X-One], allow_credentials: true, max_age: 60 }`,
    );
    const answer = await preflight();
    expect(answer.status).toBe(200);
    expect(values(answer, "access-control-allow-origin")).toEqual([PAGE]);
    expect(values(answer, "access-control-allow-methods")).toEqual(["GET, PUT"]);
    expect(values(answer, "access-control-allow-headers")).toEqual(["X-One"]);
    expect(values(answer, "access-control-allow-credentials")).toEqual(["true"]);
    expect(values(answer, "access-control-max-age")).toEqual(["60"]);
    expect(values(answer, "vary")).toEqual(["Origin, Access-Control-Request-Method, Access-Control-Request-Headers"]);
    for (const other of ["https://evil.example", "https://page.example.evil.example", "null", "http://page.example"]) {
      const refused = await preflight(other);
      expect(refused.status).toBe(403);
      expect(refused.head).not.toContain("access-control");
    }
    expect(it.origin.requests).toHaveLength(0);
  });

  test("for all names what was asked for, unless that cannot be read", async () => {
    it = await cors("{ allow_all_origins: true, allow_all_methods: true, allow_all_headers: true }");
    const answer = await preflight();
    expect(values(answer, "access-control-allow-origin")).toEqual(["*"]);
    expect(values(answer, "access-control-allow-methods")).toEqual(["PUT"]);
    expect(values(answer, "access-control-allow-headers")).toEqual(["x-one, x-two"]);
    expect(values(answer, "access-control-allow-credentials")).toEqual([]);
    const odd = ["Access-Control-Request-Method: a b", "Access-Control-Request-Headers: x;y"];
    const lines = [`Host: ${it.host}`, `Origin: ${PAGE}`, ...odd];
    const unreadable = await sendRaw(it.port, rawRequest("/x", lines, "OPTIONS"));
    expect(values(unreadable, "access-control-allow-methods")).toEqual([]);
    expect(values(unreadable, "access-control-allow-headers")).toEqual([]);
  });
});

describe("answers to a page elsewhere", () => {
  test("say once who may read them, whatever the origin says; refusals too", async () => {
    it = await cors(`{ allowed_origins: ["${PAGE}"], allow_credentials: true }`);
    it.origin.answerWith((_, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*").end("ok");
    });
    const pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
    const get = (lines: readonly string[]) => sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, ...lines]));
    for (const credential of [pair, []]) {
      const answer = await get([...credential, `Origin: ${PAGE}`]);
      expect(answer.status).toBe(credential === pair ? 200 : 401);
      expect(values(answer, "access-control-allow-origin")).toEqual([PAGE]);
      expect(values(answer, "access-control-allow-credentials")).toEqual(["true"]);
      expect(values(answer, "vary")).toContain("Origin");
    }
    const stranger = await get(["Origin: https://evil.example"]);
    expect(values(stranger, "access-control-allow-origin")).toEqual([]);
    expect(values(await get([...pair, "Origin: https://evil.example"]), "access-control-allow-origin")).toEqual([]);
  });
});
