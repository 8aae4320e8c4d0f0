import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePrivateFolder } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("a private folder", () => {
  test("is made with those above it, for its owner alone", () => {
    makePrivateFolder(join(folder, "a", "b"));
    expect([modeOf(join(folder, "a")), modeOf(join(folder, "a", "b"))]).toEqual([0o700, 0o700]);
  });

  test("that is there stays as it is", () => {
    const before = modeOf(folder);
    makePrivateFolder(folder);
    expect(modeOf(folder)).toBe(before);
  });

  test("is refused under a file", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => makePrivateFolder(join(folder, "file", "a"))).toThrow(/EEXIST/);
    expect(() => makePrivateFolder(join(folder, "file"))).toThrow(/EEXIST/);
  });

  test("is refused, and not waited for, where the system lets nobody make one", () => {
    expect(() => makePrivateFolder("/proc/gatehouse/data")).toThrow(/ENOENT|EACCES|EPERM|EROFS/);
  });
});
