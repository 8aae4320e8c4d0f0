import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createClientFacts, parseNetworks } from "../../../gateway/src/request/client-facts.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

const trusted = parseNetworks(["10.0.0.0/8", "2001:db8::/32"]);

function factsOf(peer: string, lines: readonly [string, string][], trustedProxies: typeof trusted | null = trusted) {
  const read = createClientFacts({ trustedProxies, countryHeader: "x-country", asksCertificate: false });
  return read({ socket: { remoteAddress: peer }, rawHeaders: lines.flat() } as unknown as IncomingMessage);
}

const forwarded = (peer: string, ...values: string[]) =>
  factsOf(
    peer,
    values.map((value) => ["X-Forwarded-For", value]),
  ).ip;

describe("where a request comes from", () => {
  test("is the connection's address, in one spelling", () => {
    expect(factsOf("::ffff:192.0.2.1", [], null).ip).toBe("192.0.2.1");
    expect(factsOf("2001:db8:1::1", [], null).ip).toBe("2001:db8:1::1");
  });

  test("is not what a stranger says", () => {
    const lines: [string, string][] = [
      ["X-Forwarded-For", "10.0.0.1"],
      ["X-Country", "DE"],
    ];
    expect(factsOf("192.0.2.1", lines)).toEqual({ ip: "192.0.2.1", country: null, certificateName: null });
    expect(factsOf("10.0.0.1", lines, null)).toEqual({ ip: "10.0.0.1", country: null, certificateName: null });
  });

  test.each([
    [["192.0.2.7"], "192.0.2.7"],
    [["6.6.6.6, 192.0.2.7"], "192.0.2.7"],
    [["6.6.6.6", "192.0.2.7"], "192.0.2.7"],
    [["192.0.2.7, 10.1.1.1, 10.2.2.2"], "192.0.2.7"],
    [["192.0.2.7:4711, [2001:db8::5]:80"], "192.0.2.7"],
    [["2001:db9::1"], "2001:db9::1"],
    [["::ffff:192.0.2.7"], "192.0.2.7"],
    [["10.1.1.1, 10.2.2.2"], "10.1.1.1"],
    [["unknown"], "10.9.9.9"],
    [["6.6.6.6, garbage, 10.2.2.2"], "10.2.2.2"],
    [["6.6.6.6,"], "10.9.9.9"],
    [["6.6.6.6, 999.0.0.1"], "10.9.9.9"],
    [[], "10.9.9.9"],
  ])("from a trusted proxy with %j is %s", (values, ip) => expect(forwarded("10.9.9.9", ...values)).toBe(ip));

  test.each([
    [["de"], "DE"],
    [["T1"], "T1"],
    [["DE", "US"], null],
    [["DEU"], null],
    [[""], null],
    [[], null],
  ])("the country of %j is %s", (values, country) => {
    const lines = values.map((value): [string, string] => ["X-Country", value]);
    expect(factsOf("10.9.9.9", lines).country).toBe(country);
  });

  test.each(["10.0.0.0/33", "10.0.0", "x", "::/129", "10.0.0.0/-1", "10.0.0.0/"])("%s is no network", (network) =>
    expect(() => parseNetworks([network])).toThrow(TypeError),
  );
});

describe("rules on addresses and countries", () => {
  let it: TestGateway;
  afterEach(() => it.close());
  const ask = async (lines: readonly string[]) =>
    (await sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, ...lines]))).status;
  const policies = `
      - { name: office, decision: bypass, include: [{ ip: { ip: 192.0.2.0/24 } }], require: [{ geo: { country_code: DE } }] }`;

  test("believe nobody by default", async () => {
    it = await startGateway({ policies, config: { countryHeader: "CF-IPCountry" } });
    expect(await ask(["X-Forwarded-For: 192.0.2.1", "CF-IPCountry: DE"])).toBe(401);
  });

  test("believe a trusted proxy, and the origin is told the client", async () => {
    it = await startGateway({ policies, config: { trustedProxies: ["127.0.0.1"], countryHeader: "CF-IPCountry" } });
    expect(await ask(["X-Forwarded-For: 192.0.2.1", "CF-IPCountry: DE"])).toBe(200);
    expect(it.origin.requests.at(-1)?.values("x-forwarded-for")).toEqual(["192.0.2.1"]);
    expect(it.origin.requests.at(-1)?.values("cf-ipcountry")).toEqual([]);
    expect(await ask(["X-Forwarded-For: 192.0.2.1", "CF-IPCountry: FR"])).toBe(401);
    expect(await ask(["X-Forwarded-For: 192.0.2.1", "CF-IPCountry: DE", "CF-IPCountry: FR"])).toBe(401);
    expect(await ask(["X-Forwarded-For: 192.0.2.1, 203.0.113.9", "CF-IPCountry: DE"])).toBe(401);
    expect(await ask(["CF-IPCountry: DE"])).toBe(401);
  });
});
