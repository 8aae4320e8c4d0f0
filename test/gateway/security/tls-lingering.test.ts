import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAuthority } from "../support/certificates.ts";
import { freePort, startGateway } from "../support/gateway.ts";

test("a connection that never begins its TLS handshake does not keep the gateway from closing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-tls-"));
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const { cert, key } = createAuthority().issue([["CN", "localhost"]]);
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const port = await freePort();
  const tls = { certFile, keyFile, clientCaFile: null };
  const it = await startGateway({ port, config: { issuer: `https://localhost:${port}`, tls } });
  const silent = connect({ port, host: "127.0.0.1" });
  silent.on("error", () => undefined).resume();
  await once(silent, "connect");
  await it.close();
  await expect.poll(() => silent.destroyed).toBe(true);
  rmSync(folder, { recursive: true });
});
