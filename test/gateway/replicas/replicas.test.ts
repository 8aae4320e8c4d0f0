import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ServiceTokenWithSecret } from "@gatehouse/gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnPostgres } from "../support/stores.ts";
import { startLoad } from "./support/load.ts";
import { type Replica, type Replicas, startReplicas } from "./support/replicas.ts";

/** A second is promised for a revocation, and measured by `npm run bench -- revoke`; a machine that runs all tests may be slower. */
const SOON = { timeout: 10_000, interval: 10 };
const PER_SECOND = 200;
/** That there was a load at all. */
const ENOUGH = 100;

const pairOf = ({ clientId, clientSecret }: ServiceTokenWithSecret) => ({
  "CF-Access-Client-Id": clientId,
  "CF-Access-Client-Secret": clientSecret,
});

describeOnPostgres("two gateways, as processes, on one Postgres", () => {
  let it: Replicas;
  let one: Replica;
  let two: Replica;
  beforeAll(async () => {
    it = await startReplicas(2);
    [one, two] = it.all as [Replica, Replica];
    it.origin.upgradeWith((_, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      socket.on("error", () => undefined);
    });
  });
  afterAll(() => it.close());

  const allAnswer = async (status: number, headers: Readonly<Record<string, string>>) =>
    (await Promise.all([one, two].map((replica) => replica.ask(headers)))).every((answer) => answer.status === status);

  /** A token that both know, its pair, and a JWT from the first gateway. */
  const newToken = async () => {
    const token = await it.tokens.create({ name: "a bot" });
    const pair = pairOf(token);
    await expect.poll(() => allAnswer(200, pair), SOON).toBe(true);
    const jwt = { "cf-access-token": (await one.ask(pair)).cookie ?? "" };
    return { token, pair, jwt };
  };

  const openWebSocket = async (replica: Replica, headers: Record<string, string>): Promise<Socket> => {
    const socket = connect(replica.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const fixed = `Host: ${it.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
    socket.write(`GET / HTTP/1.1\r\n${fixed}${lines.join("")}\r\n`);
    const [head] = await once(socket, "data");
    expect(String(head)).toContain("101 Switching Protocols");
    return socket;
  };

  test("a JWT of one is good at the other, and a revoke ends pair, JWT and open WebSocket everywhere", async () => {
    const { token, pair, jwt } = await newToken();
    expect(await two.ask(jwt)).toMatchObject({ status: 200 });
    const socket = await openWebSocket(two, jwt);
    const closed = once(socket, "close");
    await it.tokens.disable(token.id);
    const revokedAtMs = performance.now();
    await expect.poll(() => two.ask(jwt), SOON).toMatchObject({ status: 401 });
    await closed;
    const tookMs = Math.round(performance.now() - revokedAtMs);
    process.stdout.write(`revoke to 401 and a closed WebSocket on another gateway: ${tookMs} ms\n`);
    await expect.poll(() => one.ask(pair), SOON).toMatchObject({ reason: "service_token_disabled" });
  });

  test("one is killed under load: no question through the other fails, and it comes back", async () => {
    const { pair, jwt } = await newToken();
    let turn = 0;
    // As a load balancer does: a request whose connection breaks goes to the next gateway.
    const balanced = () => {
      turn += 1;
      const [first, second] = turn % 2 === 0 ? [one, two] : [two, one];
      const headers = turn % 3 === 0 ? pair : jwt;
      return first.ask(headers).catch(() => second.ask(headers));
    };
    const load = startLoad(PER_SECOND, balanced);
    await delay(500);
    await one.kill();
    await delay(1_000);
    await one.start();
    await delay(500);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.sent).toBeGreaterThan(ENOUGH);
    expect(await one.ask(jwt)).toMatchObject({ status: 200 });
  });

  test("a secret is rotated with overlap under load: no request fails with either", async () => {
    const { token, pair, jwt } = await newToken();
    let present: Readonly<Record<string, string>> = pair;
    let turn = 0;
    const load = startLoad(PER_SECOND, () => {
      turn += 1;
      return (turn % 2 === 0 ? one : two).ask([pair, present, jwt][turn % 3] ?? pair);
    });
    await delay(500);
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const rotated = await it.tokens.rotate(token.id, { previousSecretExpiresAt: inAnHour });
    // An admin hands the new secret over: it reaches the bot later than the gateways.
    await expect.poll(() => allAnswer(200, pairOf(rotated)), SOON).toBe(true);
    present = pairOf(rotated);
    await delay(1_000);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.sent).toBeGreaterThan(ENOUGH);
  });

  test("rotated without overlap, the old secret and its JWTs are refused everywhere", async () => {
    const { token, pair, jwt } = await newToken();
    const rotated = await it.tokens.rotate(token.id);
    const answers = () =>
      Promise.all([one, two].flatMap((replica) => [pair, jwt, pairOf(rotated)].map((headers) => replica.ask(headers))));
    const statuses = async () => (await answers()).map(({ status }) => status);
    await expect.poll(statuses, SOON).toEqual([401, 401, 200, 401, 401, 200]);
  });
});
