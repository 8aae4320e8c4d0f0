import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthority } from "../support/certificates.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

/** One exchange: what the client sends and how, what the origin answers and how. */
interface Plan {
  readonly origin: "plain" | "tls";
  readonly method: "GET" | "HEAD" | "POST" | "WebSocket";
  readonly sentBytes: number;
  readonly answerBytes: number;
  /** How bodies are cut into pieces, and whether there is a pause between them. */
  readonly pieceBytes: number;
  readonly hasPauses: boolean;
  readonly isChunkedUpload: boolean;
  readonly asksFirst: boolean;
  readonly framing: "length" | "chunked" | "close";
  /** The origin answers before it has read the upload. */
  readonly isEarly: boolean;
  readonly client: "reads" | "reads slowly" | "leaves";
  /** What the origin waits for before it reads and answers. */
  readonly after?: Promise<void> | undefined;
}

const GET: Plan = {
  origin: "plain",
  method: "GET",
  sentBytes: 0,
  answerBytes: 1_000,
  pieceBytes: 100_000,
  hasPauses: false,
  isChunkedUpload: false,
  asksFirst: false,
  framing: "length",
  isEarly: false,
  client: "reads",
};

const authority = createAuthority("A CA that this process trusts");
const before = getCACertificates("default");
const agent = new Agent({ keepAlive: true, maxSockets: 6 });
const plans = new Map<number, Plan>();
let lastId = 0;
let servers: Server[];
let it: TestGateway;
beforeAll(async () => {
  setDefaultCACertificates([...before, authority.cert]);
  const tls = createTlsServer({ ...authority.issue([["CN", "localhost"]]) }, answer);
  const plain = createServer(answer);
  servers = [plain, tls];
  for (const server of servers) {
    server.on("upgrade", answerUpgrade).listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const open = (host: string, path: string, url: string, aud: string) => `
  - name: ${path}
    aud: ${aud.repeat(64)}
    domain: ${host}/${path}
    origin: ${url}
    policies: [{ name: open, decision: bypass, include: [{ everyone: {} }] }]`;
  it = await startGateway({
    applications: (host) =>
      open(host, "plain", `http://127.0.0.1:${portOf(plain)}`, "c") +
      open(host, "tls", `https://localhost:${portOf(tls)}`, "d"),
  });
});
afterAll(async () => {
  setDefaultCACertificates(before);
  agent.destroy();
  await it.close();
  for (const server of servers) server.close();
});

/** Bytes that tell whose they are and where they belong. */
function bytesOf(id: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(length / 8) * 8);
  for (let at = 0; at < length; at += 8) {
    bytes.writeUInt32LE(id, at);
    bytes.writeUInt32LE(at, at + 4);
  }
  return bytes.subarray(0, length);
}

const sentBy = (id: number, { sentBytes }: Plan) => bytesOf(2 * id, sentBytes);
const answerTo = (id: number, { answerBytes }: Plan) => bytesOf(2 * id + 1, answerBytes);
const planOf = ({ url = "" }: IncomingMessage): [number, Plan | undefined] => {
  const id = Number(url.slice(url.lastIndexOf("/") + 1));
  return [id, plans.get(id)];
};

async function writePieces(to: Duplex | ServerResponse | ReturnType<typeof request>, body: Buffer, plan: Plan) {
  for (let at = 0; at < body.length && !to.destroyed; at += plan.pieceBytes) {
    to.write(body.subarray(at, at + plan.pieceBytes));
    if (plan.hasPauses) await sleep(1);
  }
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const [id, plan] = planOf(incoming);
  if (plan === undefined) return void response.writeHead(500).end();
  incoming.on("error", () => undefined);
  await plan.after;
  if (!plan.isEarly) {
    const received = await buffer(incoming).catch(() => undefined);
    if (received === undefined) return;
    if (!received.equals(sentBy(id, plan))) return void response.writeHead(500).end(`not what ${id} sent`);
  }
  const hasTrailers = plan.framing === "chunked" && plan.method !== "HEAD";
  response.shouldKeepAlive = plan.framing !== "close";
  response.useChunkedEncodingByDefault = plan.framing === "chunked";
  if (plan.framing === "length") response.setHeader("content-length", plan.answerBytes);
  if (hasTrailers) response.setHeader("trailer", "x-sum");
  response.writeHead(200, { "x-id": id });
  if (plan.method !== "HEAD") await writePieces(response, answerTo(id, plan), plan);
  if (hasTrailers) response.addTrailers({ "x-sum": String(id) });
  response.end();
}

/** Says back what it hears. */
function answerUpgrade(incoming: IncomingMessage, socket: Duplex): void {
  const [id] = planOf(incoming);
  socket.on("error", () => undefined);
  socket.write(`HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Id: ${id}\r\n\r\n`);
  socket.pipe(socket);
}

function idOf(plan: Plan): number {
  lastId += 1;
  plans.set(lastId, plan);
  return lastId;
}

async function exchangeWebSocket(id: number, plan: Plan): Promise<void> {
  const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "a2V5" };
  const asked = request(`${it.url}/${plan.origin}/${id}`, { headers }).end();
  const [response, socket] = (await once(asked, "upgrade")) as [IncomingMessage, Duplex];
  expect(response.headers["x-id"]).toBe(String(id));
  const sent = sentBy(id, plan);
  const heard: Buffer[] = [];
  let heardBytes = 0;
  const all = new Promise<void>((resolve, reject) => {
    socket.on("error", reject).on("close", resolve);
    socket.on("data", (piece: Buffer) => {
      heard.push(piece);
      heardBytes += piece.length;
      if (heardBytes >= sent.length) resolve();
    });
  });
  await writePieces(socket, sent, plan);
  if (sent.length > 0) await all;
  expect(Buffer.concat(heard).equals(sent)).toBe(true);
  socket.destroy();
}

async function exchange(plan: Plan): Promise<void> {
  const id = idOf(plan);
  if (plan.method === "WebSocket") return exchangeWebSocket(id, plan);
  const { method, client } = plan;
  const sent = sentBy(id, plan);
  const length = plan.isChunkedUpload ? { "transfer-encoding": "chunked" } : { "content-length": sent.length };
  const headers = { ...length, ...(plan.asksFirst && { expect: "100-continue" }), te: "trailers" };
  const asked = request(`${it.url}/${plan.origin}/${id}`, { agent, method, headers });
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  answered.catch(() => undefined);
  asked.flushHeaders();
  if (plan.asksFirst) await Promise.race([once(asked, "continue"), answered]);
  await writePieces(asked, sent, plan);
  asked.end();
  if (client === "leaves") {
    asked.on("error", () => undefined);
    await Promise.race([answered, sleep(plan.pieceBytes % 4)]).catch(() => undefined);
    asked.destroy();
    return;
  }
  const [response] = await answered;
  expect([response.statusCode, response.headers["x-id"]]).toEqual([200, String(id)]);
  const pieces: Buffer[] = [];
  for await (const piece of response) {
    pieces.push(piece as Buffer);
    if (client === "reads slowly") await sleep(2);
  }
  expect(Buffer.concat(pieces).equals(method === "HEAD" ? Buffer.alloc(0) : answerTo(id, plan))).toBe(true);
  if (method !== "HEAD" && plan.framing === "chunked") expect(response.trailers).toEqual({ "x-sum": String(id) });
  plans.delete(id);
}

/** Around the borders of our buffers often. */
const size = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537) },
  { weight: 3, arbitrary: fc.nat(4_000) },
  { weight: 3, arbitrary: fc.nat(200_000) },
);
const plan: fc.Arbitrary<Plan> = fc
  .record({
    origin: fc.constantFrom("plain", "tls"),
    method: fc.constantFrom("GET", "GET", "HEAD", "POST", "POST", "WebSocket"),
    sentBytes: size,
    answerBytes: size,
    pieceBytes: fc.integer({ min: 3_000, max: 100_000 }),
    hasPauses: fc.boolean(),
    isChunkedUpload: fc.boolean(),
    asksFirst: fc.boolean(),
    framing: fc.constantFrom("length", "length", "chunked", "close"),
    isEarly: fc.boolean(),
    client: fc.constantFrom("reads", "reads", "reads slowly", "leaves"),
  } as const)
  .map((any) => {
    const isUpload = any.method === "POST";
    const hasBody = isUpload || any.method === "WebSocket";
    return {
      ...any,
      sentBytes: hasBody ? any.sentBytes : 0,
      isChunkedUpload: isUpload && any.isChunkedUpload,
      asksFirst: isUpload && any.asksFirst && any.sentBytes > 0,
      // An origin that closes on what it has not read resets the connection, and may take its answer back with that.
      isEarly: isUpload && any.isEarly && any.framing !== "close",
    };
  });

test("of many exchanges at once, each gets its own bytes, all of them, and nobody else's", { timeout: 40_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 24, size: "max" }), async (all) => {
      await Promise.all(all.map(exchange));
    }),
    { numRuns: 100, endOnFailure: false },
  ),
);

/** Far more than the system takes on for a client that does not read. */
const MUCH_BYTES = 12_000_000;
const others = () => Promise.all(Array.from({ length: 40 }, () => exchange({ ...GET, answerBytes: 50_000 })));

test("what a client has not taken yet stays its own while others are answered", async () => {
  const origins = ["plain", "tls"] as const;
  const framings = ["length", "chunked", "close"] as const;
  const slow = origins.flatMap((origin) => framings.map((framing) => ({ ...GET, origin, framing })));
  const read = async (plan: Plan) => {
    const id = idOf({ ...plan, answerBytes: MUCH_BYTES });
    const asked = request(`${it.url}/${plan.origin}/${id}`).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    await others();
    expect((await buffer(response)).equals(bytesOf(2 * id + 1, MUCH_BYTES))).toBe(true);
  };
  await Promise.all(slow.map(read));
  // The connections to the origin go on being of use.
  await others();
});

test("what an origin has not taken yet stays its client's own while others are answered", async () => {
  const released = Promise.withResolvers<void>();
  const origins = ["plain", "tls"] as const;
  const slow = origins.flatMap((origin) =>
    [true, false].map((isChunkedUpload) => ({ ...GET, method: "POST", origin, isChunkedUpload }) as const),
  );
  const sent = slow.map((plan) => exchange({ ...plan, sentBytes: MUCH_BYTES, after: released.promise }));
  await others();
  released.resolve();
  await Promise.all(sent);
  await others();
});

test("answers that wait behind another stay their own while others are answered", async () => {
  const released = Promise.withResolvers<void>();
  const sizes = [10, 60_000, 16_384, 0, 40_000];
  const ids = sizes.map((answerBytes) =>
    idOf({ ...GET, answerBytes, after: answerBytes === 10 ? released.promise : undefined }),
  );
  const socket = connect(it.port, "127.0.0.1");
  const head = (id: number) => `GET /plain/${id} HTTP/1.1\r\nHost: ${it.host}\r\n`;
  for (const id of ids) socket.write(`${head(id)}${id === ids.at(-1) ? "Connection: close\r\n" : ""}\r\n`);
  await others();
  released.resolve();
  let rest = await buffer(socket);
  for (const [index, id] of ids.entries()) {
    const body = rest.indexOf("\r\n\r\n") + 4;
    const end = body + (sizes[index] ?? 0);
    expect(rest.toString("latin1", 0, body)).toMatch(new RegExp(`x-id: ${id}\r\n`, "i"));
    expect(rest.subarray(body, end).equals(bytesOf(2 * id + 1, end - body))).toBe(true);
    rest = rest.subarray(end);
  }
  expect(rest.length).toBe(0);
});
