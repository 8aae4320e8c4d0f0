import { createHook } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import { CHANNELS } from "@gatehouse/access-client";
import { Pool } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { start } from "./support/harness.ts";

/** How many promises come to be while a request is begun, until it first waits for the network. */
function countPromises(begin: () => Promise<unknown>): [number, Promise<unknown>] {
  let count = 0;
  const hook = createHook({
    init: (_, type) => {
      if (type === "PROMISE") count += 1;
    },
  }).enable();
  const begun = begin();
  hook.disable();
  return [count, begun];
}

test("a warm request makes no promise beyond undici's own: its token is there synchronously", async () => {
  const { gateway, client, get } = await start();
  await get();
  const pool = new Pool(gateway.origin);
  onTestFinished(() => pool.close());
  const headers = await client.headers();
  const dump = async (response: Promise<unknown>) => (await (response as ReturnType<Pool["request"]>)).body.dump();
  await dump(pool.request({ path: "/", method: "GET", headers }));
  const [theirs, theirResponse] = countPromises(() => pool.request({ path: "/", method: "GET", headers }));
  await dump(theirResponse);
  const [ours, ourResponse] = countPromises(() => client.request("/"));
  await dump(ourResponse);
  expect(theirs).toBeGreaterThan(0);
  expect(ours).toBe(theirs);
});

test("nobody listens, and no OpenTelemetry provider is registered: no channel has a subscriber", async () => {
  const { get } = await start();
  await get();
  for (const { name } of Object.values(CHANNELS)) expect(channel(name).hasSubscribers).toBe(false);
});
