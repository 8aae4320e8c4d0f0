import { fileCredentials } from "@gatehouse/access-client";
import { createStatsClient } from "@gatehouse/bot";
import { startTrace } from "@gatehouse/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSteadyLoad } from "../support/steady-load.ts";
import { botCredentialsFile } from "./support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";
import { createRotationCommand, type RotationCommand } from "./support/rotation-command.ts";

const PER_SECOND = 20;
/** On a busy machine each of the command's two processes takes seconds to start. */
const TIMEOUT_MS = 120_000;

let stack: LocalStack;
let rotation: RotationCommand;

beforeAll(async () => {
  stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
  rotation = createRotationCommand(stack);
});
afterAll(async () => {
  rotation.close();
  await discard(stack);
});

test(
  "a rotation under load that is killed half-way and run again fails no question and costs one exchange",
  async () => {
    const credentials = fileCredentials(botCredentialsFile(stack.folder));
    const client = createStatsClient({ url: stack.statsUrl, timeoutMs: 30_000, credentials });
    const range = { from: "2026-11-01", to: "2026-11-08" };
    await client.query({ metric: "signups", range }, startTrace());
    const load = startSteadyLoad(PER_SECOND, () => client.query({ metric: "signups", range }, startTrace()));
    await rotation.runUntil("Rotated to version 2");
    const said = await rotation.run();
    const { asked, failures } = await load.stop();
    const { exchanges, rotations } = client.access();
    await client.close();
    expect(said).toContain("Going on with the rotation");
    expect(said).toContain("was ended");
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(PER_SECOND);
    expect({ exchanges, rotations }).toEqual({ exchanges: 2, rotations: 1 });
  },
  TIMEOUT_MS,
);
