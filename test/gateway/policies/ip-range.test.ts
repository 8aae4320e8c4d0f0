import { BlockList, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIpRange } from "../../../gateway/src/policies/ip-range.ts";

describe("an address range", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["10.1.2.3", "10.1.2.3", true],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["255.255.255.255/32", "255.255.255.255", true],
    ["10.0.0.0/8", "::ffff:10.1.1.1", true],
    ["10.0.0.0/8", "::FFFF:10.1.1.1", true],
    ["::ffff:10.0.0.0/104", "10.200.0.1", true],
    ["::ffff:10.0.0.1", "10.0.0.1", true],
    ["2001:db8::/32", "2001:DB8:1::1", true],
    ["2001:db8::/32", "2001:db9::1", false],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "10.0.0.1", false],
    ["0.0.0.0/0", "", undefined],
    ["::/0", "unknown", undefined],
    ["0.0.0.0/0", "10.0.0.1:80", undefined],
  ])("%s, asked for %j: %s", (range, address, expected) =>
    expect(parseIpRange(range)?.contains(address)).toBe(expected),
  );

  test.each([
    "",
    "10.0.0.0/33",
    "10.0.0/8",
    "::/129",
    "::ffff:10.0.0.0/90",
    "a",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/-1",
    "010.0.0.1",
  ])("%j is none", (text) => expect(parseIpRange(text)).toBeUndefined());

  test("holds what Node's own list holds", () => {
    const v4 = fc.ipV4();
    const v6 = fc.ipV6().filter((address) => isIPv6(address) && !/\./.test(address));
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.oneof(v4, v6), fc.nat(128), (base, asked, length) => {
        const family = isIPv6(base) ? "ipv6" : "ipv4";
        const bits = family === "ipv4" ? length % 33 : length;
        const list = new BlockList();
        list.addSubnet(base, bits, family);
        const isSame = isIPv6(asked) === isIPv6(base);
        const expected = isSame && list.check(asked, family);
        expect(parseIpRange(`${base}/${bits}`)?.contains(asked)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
