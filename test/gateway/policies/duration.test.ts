import { describe, expect, test } from "vitest";
import { parseDuration } from "../../../gateway/src/policies/duration.ts";

describe("a Go duration", () => {
  test.each([
    ["24h", 86_400_000],
    ["1h30m", 5_400_000],
    ["300ms", 300],
    ["1.5s", 1_500],
    ["8760h", 31_536_000_000],
  ])("%s is %d ms", (text, expectedMs) => expect(parseDuration(text)).toBe(expectedMs));

  test.each(["", "24", "h", "1d", "-1h", "1h ", "1 h", "1e3h", "١h"])("%j is refused", (text) =>
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "ERR_DURATION_INVALID" })),
  );
});
