import { type ChildProcess, spawn } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort, SECRET_KEY } from "./support/gateway.ts";
import { type RecordingOrigin, startRecordingOrigin } from "./support/recording-origin.ts";

const MAIN = join(import.meta.dirname, "../../gateway/src/main.ts");
/** Each wait ends long before its test does, so that a failure says which one it was. */
const LATE_MS = 25_000;

let folder: string;
let origin: RecordingOrigin;
let child: ChildProcess;
let output: string;
let port: number;
let adminPort: number;
let agent: Agent;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-stop-"));
  origin = await startRecordingOrigin();
  [port, adminPort] = [await freePort(), await freePort()];
  agent = new Agent({ keepAlive: true });
  writeFileSync(join(folder, "policies.yaml"), policiesFor(`localhost:${port}`, origin.url));
});
afterEach(async () => {
  child.kill("SIGKILL");
  agent.destroy();
  await origin.close();
  rmSync(folder, { recursive: true, force: true });
});

const policiesFor = (host: string, url: string) => `applications:
  - name: Open
    aud: ${"a".repeat(64)}
    domain: ${host}
    origin: ${url}
    policies: [{ name: open, decision: bypass, include: [{ everyone: {} }] }]
`;

async function start(more: Record<string, string> = {}): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? "",
    GATEWAY_ISSUER: `http://localhost:${port}`,
    GATEWAY_PORT: String(port),
    GATEWAY_ADMIN_PORT: String(adminPort),
    GATEWAY_POLICY_FILE: join(folder, "policies.yaml"),
    GATEWAY_DATABASE_URL: `file:${join(folder, "gateway.sqlite")}`,
    GATEWAY_SECRET_KEY: SECRET_KEY,
    ...more,
  };
  output = "";
  child = spawn(process.execPath, [MAIN], { env, cwd: folder });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  await expect.poll(() => output, { timeout: LATE_MS }).toContain('"msg":"listening"');
}

/** A request on a connection that stays open if the gateway lets it. */
async function get(path = "/"): Promise<IncomingMessage> {
  const asked = request(`http://127.0.0.1:${port}${path}`, { agent, headers: host() }).end();
  const [response] = await soon(asked, "response");
  return response as IncomingMessage;
}

const soon = (emitter: EventEmitter, event: string) => once(emitter, event, { signal: AbortSignal.timeout(LATE_MS) });

const host = () => ({ host: `localhost:${port}` });
const readiness = async () => {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz`, { signal: AbortSignal.timeout(LATE_MS) });
  return answer.status;
};

describe("SIGTERM", { timeout: 150_000 }, () => {
  test("makes readiness say no, ends connections politely, lets a request finish, and closes WebSockets last", async () => {
    await start({ GATEWAY_DRAIN_DELAY_MS: "1500" });
    let finish = () => undefined as unknown;
    origin.answerWith((incoming, response) => {
      response.write("begun ");
      if (incoming.url === "/slow") finish = () => response.end("and finished");
      else response.end("ok");
    });
    origin.upgradeWith((_, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    const socket = connect(port, "127.0.0.1");
    const lines = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: a2V5"];
    socket.write(`GET /ws HTTP/1.1\r\nHost: localhost:${port}\r\n${lines.join("\r\n")}\r\n\r\n`);
    expect(String((await soon(socket, "data"))[0])).toContain("101 Switching Protocols");
    expect((await get("/idle").then(text)) ?? "").toContain("ok");
    const slow = await get("/slow");
    expect(await readiness()).toBe(200);

    const ended = [once(child, "exit"), once(socket, "close")];
    child.kill("SIGTERM");
    await expect.poll(readiness, { timeout: LATE_MS }).toBe(503);
    const during = await get("/during");
    expect(during.headers.connection).toBe("close");
    expect(await text(during)).toBe("begun ok");
    await expect
      .poll(
        () =>
          get("/after").then(
            () => "answered",
            () => "refused",
          ),
        { timeout: LATE_MS },
      )
      .toBe("refused");
    expect(child.exitCode).toBeNull();
    expect(socket.readyState).toBe("open");
    finish();
    expect(await text(slow)).toBe("begun and finished");
    await Promise.all(ended);
    expect(child.exitCode).toBe(0);
    expect(output).toContain('"msg":"stopped"');
  });

  test("does not wait longer than the grace for a request that never ends", async () => {
    await start();
    origin.answerWith((_, response) => void response.write("begun"));
    const endless = await get("/endless");
    const cut = text(endless).catch((error: NodeJS.ErrnoException) => error.code);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(child.exitCode).toBe(0);
    expect(await cut).toBe("ECONNRESET");
  });
});
