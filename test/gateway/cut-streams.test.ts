import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exchange, startGateway, type TestGateway } from "./support/gateway.ts";

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway();
});
afterEach(() => it.close());

function nextAtOrigin(): Promise<[IncomingMessage, ServerResponse]> {
  return new Promise((resolve) => it.origin.answerWith((incoming, response) => resolve([incoming, response])));
}

function open(headers: Record<string, string>, method = "GET"): ClientRequest {
  return request(it.url, { method, headers });
}

/** `once` would take the error of a broken connection for its own. */
function closeOf(stream: IncomingMessage | ServerResponse | ClientRequest): Promise<void> {
  stream.on("error", () => undefined);
  return new Promise((resolve) => stream.once("close", () => resolve()));
}

/** An event stream that stands, seen from both ends. */
async function openStream(headers: Record<string, string>) {
  const atOrigin = nextAtOrigin();
  const client = open(headers);
  client.end();
  const [, response] = await atOrigin;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("data: 1\n\n");
  const [received] = (await once(client, "response")) as [IncomingMessage];
  await once(received, "data");
  return { received, response };
}

const cutLine = () => it.logs.join("");

describe("a stream ends with its credential", () => {
  test("when the token is disabled, at the client and at the origin, whichever way it came in", async () => {
    for (const headers of [it.pair, { "cf-access-token": await exchange(it) }]) {
      const { received, response } = await openStream(headers);
      const ends = [closeOf(received), closeOf(response)];
      await it.gateway.tokens.disable(it.token.id);
      await Promise.all(ends);
      expect(received.complete).toBe(false);
      await it.gateway.tokens.enable(it.token.id);
    }
    await expect.poll(cutLine).toContain("cut by the gateway: NO_LONGER_ALLOWED");
  });

  test("when the JWT that it was opened with expires", async () => {
    const { received } = await openStream({ "cf-access-token": await exchange(it) });
    const closed = closeOf(received);
    it.clock.nowMs += 25 * 3_600_000;
    await closed;
  });

  test("also an upload, and a request whose answer has not begun", async () => {
    const atOrigin = nextAtOrigin();
    const client = open({ ...it.pair, "transfer-encoding": "chunked" }, "POST");
    client.write("first");
    const [incoming] = await atOrigin;
    const ends = [closeOf(client), closeOf(incoming)];
    await it.gateway.tokens.disable(it.token.id);
    await Promise.all(ends);
  });

  test("and goes on when another token is disabled", async () => {
    const other = await it.gateway.tokens.create({ name: "other" });
    const { received, response } = await openStream(it.pair);
    await it.gateway.tokens.disable(other.id);
    const next = once(received, "data");
    response.write("data: 2\n\n");
    expect(String((await next)[0])).toBe("data: 2\n\n");
    response.end();
    await once(received, "end");
  });
});
