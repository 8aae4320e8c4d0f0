import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Authority, createAuthority, type Identity } from "../support/certificates.ts";
import { freePort, startGateway, type TestGateway } from "../support/gateway.ts";
import { sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
let authority: Authority;
let folder: string;
const file = (name: string) => join(folder, name);
const write = ({ cert, key }: Identity) => {
  writeFileSync(file("cert.pem"), cert);
  writeFileSync(file("key.pem"), key);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-tls-"));
  authority = createAuthority();
  write(authority.issue([["CN", "first"]]));
  writeFileSync(file("ca.pem"), authority.cert);
  const port = await freePort();
  it = await startGateway({
    port,
    config: {
      issuer: `https://localhost:${port}`,
      tls: { certFile: file("cert.pem"), keyFile: file("key.pem"), clientCaFile: file("ca.pem") },
    },
    policies: `
      - { name: laptops, decision: bypass, include: [{ common_name: { common_name: laptop-7 } }] }
      - { name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }`,
    applications: (host, origin) => `
  - name: Machines
    aud: ${"c".repeat(64)}
    domain: ${host}/machines
    origin: ${origin}
    policies:
      - { name: machines, decision: bypass, include: [{ certificate: {} }] }`,
  });
});
afterAll(async () => {
  await it.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get(path: string, client?: Identity, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; headers: object; body: string }>();
  const options = { ca: authority.cert, agent: false, headers, ...client } as const;
  request(`https://localhost:${it.port}${path}`, options, async (response) => {
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) });
  })
    .on("error", reject)
    .end();
  return promise;
}

/** The common name of the certificate that the gateway shows. */
async function shownName(): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const socket = connect({ port: it.port, host: "127.0.0.1", servername: "localhost", ca: authority.cert }, () => {
    resolve(String(socket.getPeerCertificate().subject.CN));
    socket.destroy();
  }).on("error", reject);
  return promise;
}

describe("TLS that ends at the gateway", () => {
  test("serves https, with Secure cookies, and tells the origin", async () => {
    const { status, headers } = await get("/", undefined, it.pair);
    expect(status).toBe(200);
    expect(String((headers as Record<string, unknown>)["set-cookie"])).toContain("; Secure");
    expect(it.origin.requests.at(-1)?.values("x-forwarded-proto")).toEqual(["https"]);
  });

  test("plain http on the same port gets nothing, and harms nothing", async () => {
    expect((await sendRaw(it.port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).text).toBe("");
    expect((await get("/", undefined, it.pair)).status).toBe(200);
  });

  test("a client certificate of the CA opens what names it, and nothing else does", async () => {
    expect((await get("/", authority.issue([["CN", "laptop-7"]]))).status).toBe(200);
    expect((await get("/", authority.issue([["CN", "laptop-8"]]))).status).toBe(401);
    expect((await get("/")).status).toBe(401);
    const stranger = createAuthority();
    expect((await get("/", stranger.issue([["CN", "laptop-7"]]))).status).toBe(401);
    expect(
      (
        await get(
          "/",
          authority.issue([
            ["CN", "x"],
            ["CN", "laptop-7"],
          ]),
        )
      ).status,
    ).toBe(401);
  });

  test("any certificate of the CA counts as one, also without a common name", async () => {
    expect((await get("/machines", authority.issue([["O", "nobody"]]))).status).toBe(200);
    expect((await get("/machines")).status).toBe(401);
  });

  test("a renewed certificate is in use without a restart; one that does not fit its key is told, and not used", async () => {
    expect(await shownName()).toBe("first");
    write(authority.issue([["CN", "second"]]));
    await expect.poll(shownName, { timeout: 15_000 }).toBe("second");
    writeFileSync(file("key.pem"), authority.issue([["CN", "third"]]).key);
    await expect.poll(() => it.logs.join(""), { timeout: 15_000 }).toContain("the old ones stay");
    expect(await shownName()).toBe("second");
  });

  test("files that cannot be used stop the start", async () => {
    const tls = { certFile: file("nowhere.pem"), keyFile: file("key.pem"), clientCaFile: null };
    await expect(startGateway({ config: { tls } })).rejects.toMatchObject({ code: "ERR_TLS_UNUSABLE" });
  });
});
