import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { parsePolicyFile } from "@gatehouse/gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority, type Identity } from "./support/certificates.ts";
import { AUD, freePort, startGateway } from "./support/gateway.ts";

const trusted = createAuthority("A CA that this process trusts");
const unknown = createAuthority("Nobody's CA");
const before = getCACertificates("default");
beforeAll(() => setDefaultCACertificates([...before, trusted.cert]));
afterAll(() => setDefaultCACertificates(before));

/** Asks through a gateway for what an origin with this certificate answers, called by this name. */
async function ask(identity: Identity, host: string) {
  const seen: (string | false | null)[] = [];
  const origin = createServer({ ...identity }, (incoming, response) => {
    seen.push((incoming.socket as TLSSocket & { servername: string | false | null }).servername);
    response.end("ok");
  });
  origin.listen(0, "127.0.0.1");
  await once(origin, "listening");
  const port = await freePort();
  const policies = parsePolicyFile(`applications:
  - name: Stats
    aud: ${AUD}
    domain: localhost:${port}
    origin: https://${host}:${(origin.address() as AddressInfo).port}
    policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }]`);
  const it = await startGateway({ port, config: { policies } });
  try {
    const response = await fetch(it.url, { headers: it.pair });
    return { status: response.status, body: await response.text(), seen, logs: it.logs.join("") };
  } finally {
    await it.close();
    origin.closeAllConnections();
    origin.close();
  }
}

describe("an origin behind TLS", () => {
  test("is believed when a known authority vouches for its name, which it is told", async () => {
    const answer = await ask(trusted.issue([["CN", "stats"]]), "localhost");
    expect([answer.status, answer.body]).toEqual([200, "ok"]);
    expect(answer.seen).toEqual(["localhost"]);
  });

  test("that vouches for itself gets no request", async () => {
    const answer = await ask(unknown.issue([["CN", "stats"]]), "localhost");
    expect([answer.status, answer.seen]).toEqual([502, []]);
    expect(answer.logs).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
    expect(answer.body).not.toMatch(/SIGNATURE|SELF_SIGNED/);
  });

  test("whose certificate is for another name gets no request", async () => {
    const answer = await ask(trusted.issue([["CN", "stats"]]), "127.0.0.1");
    expect([answer.status, answer.seen]).toEqual([502, []]);
    expect(answer.logs).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
  });
});
