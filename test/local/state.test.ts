import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openState, saveState } from "../../local/state.ts";

const NOW_MS = Date.parse("2026-11-23T18:00:00Z");
const newFolder = () => mkdtempSync(join(tmpdir(), "gatehouse-state-"));

test("the first start decides, later ones keep", async () => {
  const folder = newFolder();
  const state = await openState(folder, NOW_MS);
  expect(state.anchorDay).toBe(Math.floor(NOW_MS / 86_400_000));
  expect(await openState(folder, NOW_MS + 3 * 86_400_000)).toEqual(state);
  await saveState(folder, { ...state, sampleThroughMs: 5 });
  expect((await openState(folder, NOW_MS)).sampleThroughMs).toBe(5);
});

test("two first starts share no secret, and only the owner may read them", async () => {
  const [one, other] = [newFolder(), newFolder()];
  const states = [await openState(one, NOW_MS), await openState(other, NOW_MS)];
  expect(new Set(states.map(({ gatewaySecretKey }) => gatewaySecretKey)).size).toBe(2);
  expect(statSync(join(one, "state.json")).mode & 0o777).toBe(0o600);
});

test.each([
  ["is half written", (text: string) => text.slice(0, 40)],
  ["lacks a secret", (text: string) => text.replace("gatewaySecretKey", "other")],
])("a file that %s stops the start with what to do, and is left as it is", async (_case, damage) => {
  const folder = newFolder();
  await openState(folder, NOW_MS);
  const file = join(folder, "state.json");
  const damaged = damage(readFileSync(file, "utf8"));
  writeFileSync(file, damaged);
  await expect(openState(folder, NOW_MS)).rejects.toMatchObject({ code: "ERR_LOCAL_STATE_UNREADABLE" });
  expect(readFileSync(file, "utf8")).toBe(damaged);
});
