import {
  type AccessClient,
  type AccessClientOptions,
  createAccessClient,
  staticCredentials,
} from "@gatehouse/access-client";
import { onTestFinished } from "vitest";
import { type FakeGateway, type FakeGatewayState, PAIR, startFakeGateway } from "./fake-gateway.ts";

/** A moved clock, shared by client and gateway unless a test parts them. */
interface Clock {
  nowMs: number;
}

export interface Harness {
  readonly clock: Clock;
  readonly gateway: FakeGateway;
  readonly client: AccessClient;
  /** One GET, its body read: the status, or the error's code. */
  get(target?: string | URL): Promise<number | string>;
}

const START_MS = Date.parse("2026-11-23T12:00:00.500Z");

/** A gateway and a client of it, both gone when the test ends. */
export async function start(
  options: Partial<AccessClientOptions> = {},
  changes: Partial<FakeGatewayState> = {},
): Promise<Harness> {
  const clock = { nowMs: START_MS };
  const gateway = await startFakeGateway({ now: () => clock.nowMs, ...changes });
  const client = createAccessClient({
    origin: gateway.origin,
    credentials: staticCredentials(PAIR),
    now: () => clock.nowMs,
    random: () => 0.5,
    ...options,
  });
  onTestFinished(async () => {
    await client.close();
    await gateway.close();
  });
  return { clock, gateway, client, get: (target = "/") => get(client, target) };
}

export async function get(client: AccessClient, target: string | URL): Promise<number | string> {
  try {
    const { statusCode, body } = await client.request(target);
    await body.dump();
    return statusCode;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Waits until the condition holds: for what goes on in the background. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  if (!condition()) throw new RangeError("The condition did not come to hold.");
}
