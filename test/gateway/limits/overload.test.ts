import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
afterEach(() => it.close());

describe("more than the gateway takes on", () => {
  test("requests past the maximum are answered 503 at once, and served again when there is room", async () => {
    it = await startGateway({ config: { limits: { openRequests: 2, openRequestsPerAddress: 2 } } });
    const waiting: (() => void)[] = [];
    it.origin.answerWith((_, response) => void waiting.push(() => response.end("late")));
    const open = [fetch(it.url, { headers: it.pair }), fetch(it.url, { headers: it.pair })];
    await expect.poll(() => waiting.length).toBe(2);
    const refused = await fetch(it.url, { headers: it.pair });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("2");
    expect(await refused.json()).toMatchObject({ reason: "overloaded", error: "unavailable" });
    for (const release of waiting) release();
    for (const answer of await Promise.all(open)) expect(await answer.text()).toBe("late");
    it.origin.answerWith((_, response) => void response.end("ok"));
    expect((await fetch(it.url, { headers: it.pair })).status).toBe(200);
  });

  test("one address, or one IPv6 network, gets no more than its share of them, and the others keep theirs", async () => {
    it = await startGateway({ admin: true, config: { limits: { openRequests: 8 }, trustedProxies: ["127.0.0.1"] } });
    const waiting: (() => void)[] = [];
    it.origin.answerWith((_, response) => void waiting.push(() => response.end("late")));
    const from = (address: string) => fetch(it.url, { headers: { ...it.pair, "x-forwarded-for": address } });
    const open = ["192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::ffff:1"].map(from);
    await expect.poll(() => waiting.length).toBe(4);
    for (const address of ["192.0.2.1", "2001:db8:0:0:1::"]) {
      const refused = await from(address);
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "2"]);
      expect(await refused.json()).toMatchObject({ reason: "too_many_open_requests", error: "too_many_requests" });
    }
    const others = ["192.0.2.2", "2001:db8:0:1::1"].map(from);
    await expect.poll(() => waiting.length).toBe(6);
    for (const release of waiting.splice(0)) release();
    for (const answer of await Promise.all([...open, ...others])) expect(answer.status).toBe(200);
    it.origin.answerWith((_, response) => void response.end("ok"));
    for (let again = 0; again < 4; again += 1) expect((await from("192.0.2.1")).status).toBe(200);
    const metrics = await (await fetch(`${it.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/gatehouse_requests_total\{decision="refused",reason="too_many_open_requests",.*\} 2/);
    const log = `${it.adminUrl}/client/v4/accounts/a/access/logs/audit?reason=too_many_open_requests`;
    const audit = await fetch(log, { headers: { authorization: `Bearer ${it.apiToken}` } });
    expect(await audit.json()).toMatchObject({ result: { lines: [{ ip: "2001:db8:0:0:1::" }, { ip: "192.0.2.1" }] } });
  });

  test("connections past the maximum are not accepted, and those that are open go on", async () => {
    it = await startGateway({ config: { limits: { connections: 2 } } });
    const sockets = [connect(it.port, "127.0.0.1"), connect(it.port, "127.0.0.1")];
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    await expect.poll(async () => (await sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`]))).status).toBe(0);
    expect(it.logs.join("")).toContain("connections are not accepted");
    const [first, second] = sockets;
    first?.write(`GET / HTTP/1.1\r\nHost: ${it.host}\r\n\r\n`);
    expect(String(await once(first ?? connect(0), "data"))).toContain("401");
    second?.destroy();
    await expect.poll(async () => (await sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`]))).status).toBe(401);
    first?.destroy();
  });

  test("a head past the maximum is answered 431", async () => {
    it = await startGateway({ config: { limits: { headerBytes: 8_192 } } });
    const send = (bytes: number) =>
      sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, `X-Long: ${"x".repeat(bytes)}`]));
    expect((await send(6_000)).status).toBe(401);
    expect((await send(9_000)).status).toBe(431);
    expect((await sendRaw(it.port, rawRequest(`/${"x".repeat(9_000)}`, [`Host: ${it.host}`]))).status).toBe(431);
  });
});
