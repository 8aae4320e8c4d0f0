import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openState, saveState } from "../../local/state.ts";

const NOW_MS = Date.parse("2026-11-23T18:00:00Z");
const newFolder = () => mkdtempSync(join(tmpdir(), "gatehouse-state-"));

test("the first start decides, later ones keep", () => {
  const folder = newFolder();
  const state = openState(folder, NOW_MS);
  expect(state.anchorDay).toBe(Math.floor(NOW_MS / 86_400_000));
  expect(openState(folder, NOW_MS + 3 * 86_400_000)).toEqual(state);
  saveState(folder, { ...state, sampleThroughMs: 5 });
  expect(openState(folder, NOW_MS).sampleThroughMs).toBe(5);
});

test("two first starts share no secret, and only the owner may read them", () => {
  const [one, other] = [newFolder(), newFolder()];
  expect(openState(one, NOW_MS).gatewaySecretKey).not.toBe(openState(other, NOW_MS).gatewaySecretKey);
  expect(statSync(join(one, "state.json")).mode & 0o777).toBe(0o600);
});

test.each([
  ["is half written", (text: string) => text.slice(0, 40)],
  ["lacks a secret", (text: string) => text.replace("gatewaySecretKey", "other")],
])("a file that %s stops the start with what to do, and is left as it is", (_case, damage) => {
  const folder = newFolder();
  openState(folder, NOW_MS);
  const file = join(folder, "state.json");
  const damaged = damage(readFileSync(file, "utf8"));
  writeFileSync(file, damaged);
  expect(() => openState(folder, NOW_MS)).toThrow(expect.objectContaining({ code: "ERR_LOCAL_STATE_UNREADABLE" }));
  expect(readFileSync(file, "utf8")).toBe(damaged);
});
