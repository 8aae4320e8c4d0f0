import { describe, expect, test } from "vitest";
import { createSecretBox } from "../../../gateway/src/keys/secret-box.ts";
import { deriveKeys } from "../../../gateway/src/keys/secret-key.ts";

const box = createSecretBox(Buffer.alloc(32, 7));

describe("the secret box", () => {
  test("opens what it sealed, for the same purpose only", () => {
    const sealed = box.seal("cookie", "text");
    expect(box.open("cookie", sealed)).toBe("text");
    expect(box.open("key", sealed)).toBeUndefined();
    expect(createSecretBox(Buffer.alloc(32, 8)).open("cookie", sealed)).toBeUndefined();
  });

  test("does not open what was altered, cut or made up", () => {
    const sealed = box.seal("cookie", "text");
    const altered = (sealed.startsWith("A") ? "B" : "A") + sealed.slice(1);
    for (const bad of [altered, sealed.slice(0, -4), "", "garbage", "%%%"])
      expect(box.open("cookie", bad)).toBeUndefined();
  });

  test("has its key from 64 hex digits, one key per purpose", () => {
    const { sealing, pepper } = deriveKeys("ab".repeat(32));
    expect(sealing.equals(pepper)).toBe(false);
    expect(() => deriveKeys("short")).toThrow(TypeError);
  });
});
