import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "./support/gateway.ts";

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ originResponseTimeoutMs: 300 });
});
afterEach(() => it.close());

/** Makes the origin hand its next request over to the test. */
function nextAtOrigin(): Promise<[IncomingMessage, ServerResponse]> {
  return new Promise((resolve) => it.origin.answerWith((incoming, response) => resolve([incoming, response])));
}

const open = (method = "GET", headers: Record<string, string> = {}): ClientRequest =>
  request(it.url, { method, headers: { ...it.pair, ...headers } });
const responseOf = async (client: ClientRequest) => (await once(client, "response"))[0] as IncomingMessage;
const firstChunk = async (stream: IncomingMessage) => String((await once(stream, "data"))[0]);

describe("streams", () => {
  test("an event stream arrives as it is sent: first the head, then each event", async () => {
    const atOrigin = nextAtOrigin();
    const client = open();
    client.end();
    const [, response] = await atOrigin;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    const received = await responseOf(client);
    expect(received.headers["content-type"]).toBe("text/event-stream");
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
      const chunk = firstChunk(received);
      response.write(event);
      expect(await chunk).toBe(event);
    }
    response.end();
    received.resume();
    await once(received, "end");
  });

  test("an upload reaches the origin while it is still being sent", async () => {
    const atOrigin = nextAtOrigin();
    const client = open("POST", { "transfer-encoding": "chunked" });
    client.write("one");
    const [incoming, response] = await atOrigin;
    expect(await firstChunk(incoming)).toBe("one");
    const second = firstChunk(incoming);
    client.write("two");
    expect(await second).toBe("two");
    client.end();
    await once(incoming.resume(), "end");
    response.end("done");
    expect(await firstChunk(await responseOf(client))).toBe("done");
  });

  test("large bodies pass both ways unchanged, with their length", async () => {
    it.origin.answerWith((incoming, response) => {
      response.writeHead(200, { "content-length": incoming.headers["content-length"] ?? "" });
      incoming.pipe(response);
    });
    const body = Buffer.alloc(20_000_000, "0123456789");
    const echoed = await fetch(it.url, { method: "PUT", headers: it.pair, body });
    expect(echoed.headers.get("content-length")).toBe(String(body.length));
    expect(Buffer.from(await echoed.arrayBuffer()).equals(body)).toBe(true);
  });

  test("a client that does not read holds the origin back", async () => {
    const atOrigin = nextAtOrigin();
    const client = open();
    client.end();
    const [, response] = await atOrigin;
    const received = await (async () => {
      response.writeHead(200);
      response.flushHeaders();
      return responseOf(client);
    })();
    const chunk = Buffer.alloc(1_000_000);
    let sentBytes = 0;
    while (sentBytes < 200_000_000 && (await writable(response, chunk))) sentBytes += chunk.length;
    expect(sentBytes).toBeLessThan(100_000_000);
    received.destroy();
  });

  test("a client that leaves takes the request at the origin with it", async () => {
    const atOrigin = nextAtOrigin();
    const client = open();
    client.on("error", () => undefined);
    client.end();
    const [, response] = await atOrigin;
    const closed = once(response, "close");
    client.destroy();
    await closed;
    await expect.poll(() => it.logs.join("")).toContain("cut by the client");
  });

  test("an upload that is broken off is broken off at the origin", async () => {
    const atOrigin = nextAtOrigin();
    const client = open("POST", { "content-length": "100" });
    client.on("error", () => undefined);
    client.write("half");
    const [incoming] = await atOrigin;
    const closed = new Promise((resolve) => incoming.once("close", resolve));
    incoming.on("error", () => undefined);
    client.destroy();
    await closed;
    expect(incoming.complete).toBe(false);
  });

  test("an origin that breaks off in the middle is not made to look complete", async () => {
    const atOrigin = nextAtOrigin();
    const client = open();
    client.end();
    const [, response] = await atOrigin;
    response.writeHead(200);
    response.write("half");
    const received = await responseOf(client);
    received.resume();
    const broken = once(received, "error");
    response.destroy();
    expect(((await broken)[0] as NodeJS.ErrnoException).code).toBe("ECONNRESET");
    await expect.poll(() => it.logs.join("")).toContain("cut by the origin");
  });

  test("an expectation of 100-continue is met once the request is let in", async () => {
    it.origin.answerWith((incoming, response) => void incoming.pipe(response));
    const client = open("POST", { expect: "100-continue", "content-length": "2" });
    client.flushHeaders();
    await once(client, "continue");
    client.end("ok");
    expect(await firstChunk(await responseOf(client))).toBe("ok");
    const stranger = request(it.url, { method: "POST", headers: { expect: "100-continue", "content-length": "2" } });
    let isInvited = false;
    stranger.on("continue", () => {
      isInvited = true;
    });
    stranger.flushHeaders();
    const refused = await responseOf(stranger);
    expect([refused.statusCode, isInvited]).toEqual([401, false]);
    stranger.destroy();
  });

  test("HEAD, 204 and 304 have no body, and HEAD keeps the length", async () => {
    it.origin.answerWith((incoming, response) => {
      const status = incoming.url === "/" ? 200 : Number(incoming.url?.slice(1));
      response.writeHead(status, status === 200 ? { "content-length": "5" } : {}).end();
    });
    const head = await fetch(it.url, { method: "HEAD", headers: it.pair });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "5"]);
    for (const status of [204, 304]) {
      const answer = await fetch(`${it.url}/${status}`, { headers: it.pair });
      expect([answer.status, await answer.text()]).toEqual([status, ""]);
    }
  });
});

describe("an origin that fails", () => {
  const refusal = async () => {
    const response = await fetch(it.url, { headers: it.pair });
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };

  test("by not answering in time is 504", async () => {
    it.origin.answerWith(() => undefined);
    expect(await refusal()).toMatchObject({ status: 504, error: "gateway_timeout", reason: "origin_timeout" });
  });

  test("by hanging up is 502", async () => {
    it.origin.answerWith((incoming) => void incoming.socket.destroy());
    expect(await refusal()).toMatchObject({ status: 502, error: "bad_gateway", reason: "origin_failed" });
  });

  test.each([
    ["GET", 200, 2],
    ["POST", 502, 1],
    ["DELETE", 502, 1],
  ])("by closing an idle connection just as a %s goes out: %i, sent %i times", async (method, status, times) => {
    const used = new WeakSet<object>();
    it.origin.answerWith(({ socket }, response) => {
      if (used.has(socket)) socket.destroy();
      else response.end("ok");
      used.add(socket);
    });
    await (await fetch(it.url, { headers: it.pair })).text();
    const before = it.origin.requests.length;
    const response = await fetch(it.url, { method, headers: it.pair });
    expect([response.status, it.origin.requests.length - before]).toEqual([status, times]);
  });

  test("by answering with garbage is 502, and the bytes reach nobody", async () => {
    it.origin.answerWith(
      (incoming) =>
        void incoming.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nevil"),
    );
    expect(await refusal()).toMatchObject({ status: 502 });
  });

  test("by sending more than it said: the rest reaches neither this client nor the next", async () => {
    it.origin.answerWith(
      (incoming) =>
        void incoming.socket.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        ),
    );
    expect(await (await fetch(it.url, { headers: it.pair })).text()).toBe("ok");
    it.origin.answerWith((_, response) => void response.end("second"));
    expect(await (await fetch(it.url, { headers: it.pair })).text()).toBe("second");
  });

  test("by not being there is 503", async () => {
    await it.origin.close();
    expect(await refusal()).toMatchObject({ status: 503, error: "unavailable", reason: "origin_unreachable" });
    expect(it.logs.join("")).not.toContain(it.token.clientSecret);
    it.origin.close = async () => undefined;
  });
});

/** Writes and waits until the origin may write more, or until it plainly may not. */
async function writable(response: ServerResponse, chunk: Buffer): Promise<boolean> {
  if (response.write(chunk)) return true;
  const drained = once(response, "drain").then(() => true);
  const stuck = new Promise<false>((resolve) => setTimeout(() => resolve(false), 300));
  return Promise.race([drained, stuck]);
}
