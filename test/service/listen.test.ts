import { once } from "node:events";
import { createServer, get } from "node:http";
import { expect, test } from "vitest";
import { closeServer, listen } from "../../service/src/index.ts";

const LOOPBACK = { host: "127.0.0.1", what: "the test server" };

test("a busy port is said by name and number, with the variable that changes it", async () => {
  const first = createServer();
  const port = await listen(first, { ...LOOPBACK, port: 0 });
  const second = listen(createServer(), { ...LOOPBACK, port, variable: "TEST_PORT" });
  await expect(second).rejects.toMatchObject({
    code: "ERR_PORT_IN_USE",
    message: `Port ${port} for the test server is in use on 127.0.0.1. Stop the program that has it, or choose another with TEST_PORT=PORT.`,
  });
  await closeServer(first, 0);
});

test("an address that is not this machine's is refused with a code", async () => {
  await expect(listen(createServer(), { ...LOOPBACK, host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
    code: "ERR_LISTEN_FAILED",
  });
});

test("closing lets an open request finish and refuses new ones", async () => {
  const released = Promise.withResolvers<void>();
  const server = createServer((_request, response) => void released.promise.then(() => response.end("done")));
  const port = await listen(server, { ...LOOPBACK, port: 0 });
  const request = get({ host: "127.0.0.1", port, agent: false });
  await once(server, "request");
  const closing = closeServer(server, 60_000);
  released.resolve();
  const [response] = await once(request, "response");
  expect(response.statusCode).toBe(200);
  response.resume();
  await closing;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test("closing cuts a request that outlives its grace", async () => {
  const server = createServer(() => undefined);
  const port = await listen(server, { ...LOOPBACK, port: 0 });
  const request = get({ host: "127.0.0.1", port, agent: false });
  const failed = once(request, "error");
  await once(server, "request");
  await closeServer(server, 1);
  await expect(failed).resolves.toMatchObject([{ code: "ECONNRESET" }]);
});
