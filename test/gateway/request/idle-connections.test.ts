import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spareUntaken } from "../../../gateway/src/request/idle-connections.ts";

/** Far more than the system takes on for a client that does not read. */
const ANSWER = Buffer.alloc(12_000_000, "0123456789");
const ASK = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

let response: ServerResponse | undefined;
const server = createServer((_, given) => {
  response = given;
  given.writeHead(200, { "content-length": ANSWER.length }).end(ANSWER);
});
beforeEach(async () => {
  spareUntaken(server, "connection", () => response?.writableEnded === true && !response.writableFinished);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.closeAllConnections());

test("an answer that was ended and not all taken is left to be taken, and its connection ends after it", async () => {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.write(ASK);
  await expect.poll(() => response?.writableEnded).toBe(true);
  server.close();
  let takenBytes = 0;
  client.on("data", (piece) => {
    takenBytes += piece.length;
    if (takenBytes > ANSWER.length) server.closeIdleConnections();
  });
  await once(client, "close");
  expect(takenBytes).toBeGreaterThan(ANSWER.length);
});
