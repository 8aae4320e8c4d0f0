import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseSink } from "../../admin/src/sinks/parse-sink.ts";
import { setVariable } from "../../admin/src/sinks/set-variable.ts";

const PAIR = { clientId: "1234.access", clientSecret: "cfast_secret" };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gatehouse-sinks-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

function sink(spec: string, env: Record<string, string> = {}) {
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.close());
  return parseSink(spec, { env, dispatcher });
}

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

/** A secret store's API on a real socket. */
async function api(answer: (line: string) => readonly [number, unknown]) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join("");
    const line = `${request.method} ${request.url}`;
    seen.push({ line, headers: request.headers, body: text === "" ? undefined : JSON.parse(text) });
    const [status, body] = answer(line);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("an env file", () => {
  test.each([
    ["keeps comments, order and the rest", "# a\nA=1\nS=old\nB=2\n", "# a\nA=1\nS=new\nB=2\n"],
    ["gets the variable at its end", "A=1", "A=1\nS=new\n"],
    ["keeps `export`", "export S=old\n", "export S=new\n"],
    ["sets the last of two, for that one counts", "S=1\nS=2\n", "S=1\nS=new\n"],
    ["leaves a name that only begins alike", "S_OLD=1\n", "S_OLD=1\nS=new\n"],
    ["may be new", "", "S=new\n"],
  ])("%s", (_, before, after) => expect(setVariable(before, "S", "new")).toBe(after));

  test("may have names of its own", async () => {
    const path = join(folder(), "x.env");
    await sink(`env:${path}#BOT_ID,BOT_SECRET`).write(PAIR);
    expect(readFileSync(path, "utf8")).toBe("BOT_ID=1234.access\nBOT_SECRET=cfast_secret\n");
  });
});

describe("a file", () => {
  test("is replaced as a whole, and no draft stays behind", async () => {
    const where = folder();
    writeFileSync(join(where, "bot.json"), "old");
    await sink(`file:${join(where, "bot.json")}`).write(PAIR);
    expect(readdirSync(where)).toEqual(["bot.json"]);
    const written = JSON.parse(readFileSync(join(where, "bot.json"), "utf8")) as unknown;
    expect(written).toEqual({ client_id: PAIR.clientId, client_secret: PAIR.clientSecret });
  });

  test("in a folder that is not there is found by the check", async () => {
    await expect(sink("file:/nowhere/bot.json").check()).rejects.toMatchObject({ code: "ERR_ADMIN_SINK" });
  });
});

describe("a command", () => {
  test("gets the pair on its standard input", async () => {
    const path = join(folder(), "out");
    await sink(`command:cat > ${path}`).write(PAIR);
    const written = JSON.parse(readFileSync(path, "utf8")) as unknown;
    expect(written).toEqual({ client_id: PAIR.clientId, client_secret: PAIR.clientSecret });
  });

  test("that fails is said with what it complained of, and without the secret", async () => {
    const error = await sink("command:cat >&2; exit 3")
      .write(PAIR)
      .catch((caught: Error) => caught);
    expect(String(error)).toContain("ended with 3");
    expect(String(error)).not.toContain(PAIR.clientSecret);
  });

  test("that does not read its input is no crash", async () => {
    await sink("command:true").write(PAIR);
  });
});

describe("Vault", () => {
  const stored = { data: { data: { other: "kept" }, metadata: { version: 7 } } };

  test("keeps the other keys, and writes only over the version it read", async () => {
    const { seen, url } = await api((line) => [200, line.startsWith("GET") ? stored : {}]);
    await sink("vault:secret/bots/stats", { VAULT_ADDR: url, VAULT_TOKEN: "vault-token" }).write(PAIR);
    expect(seen.map(({ line }) => line)).toEqual(["GET /v1/secret/data/bots/stats", "POST /v1/secret/data/bots/stats"]);
    expect(seen[1]?.headers["x-vault-token"]).toBe("vault-token");
    expect(seen[1]?.body).toEqual({
      options: { cas: 7 },
      data: { other: "kept", client_id: PAIR.clientId, client_secret: PAIR.clientSecret },
    });
  });

  test("makes a secret that is not there yet", async () => {
    const { seen, url } = await api((line) => (line.startsWith("GET") ? [404, { errors: [] }] : [200, {}]));
    await sink("vault:secret/new", { VAULT_ADDR: url, VAULT_TOKEN: "t" }).write(PAIR);
    expect(seen[1]?.body).toMatchObject({ options: { cas: 0 } });
  });

  test("a token that may not is found by the check", async () => {
    const { url } = await api(() => [403, { errors: ["permission denied"] }]);
    await expect(sink("vault:secret/x", { VAULT_ADDR: url, VAULT_TOKEN: "t" }).check()).rejects.toMatchObject({
      code: "ERR_ADMIN_SINK",
      message: expect.stringContaining("403"),
    });
  });

  test("over plain http to another machine is refused: the token would be read on the way", () => {
    expect(() => sink("vault:secret/x", { VAULT_ADDR: "http://vault.example", VAULT_TOKEN: "t" })).toThrow("https");
  });
});

describe("Kubernetes", () => {
  async function cluster(answer: (line: string) => readonly [number, unknown]) {
    const { seen, url } = await api(answer);
    const file = join(folder(), "token");
    writeFileSync(file, "pod-token\n");
    return { seen, env: { KUBERNETES_API_URL: url, KUBERNETES_TOKEN_FILE: file } };
  }

  test("patches the two keys of a Secret and leaves the others", async () => {
    const { seen, env } = await cluster(() => [200, {}]);
    await sink("k8s:apps/stats-bot", env).write(PAIR);
    expect(seen[0]?.line).toBe("PATCH /api/v1/namespaces/apps/secrets/stats-bot");
    expect(seen[0]?.headers).toMatchObject({
      authorization: "Bearer pod-token",
      "content-type": "application/merge-patch+json",
    });
    expect(seen[0]?.body).toEqual({ stringData: { client_id: PAIR.clientId, client_secret: PAIR.clientSecret } });
  });

  test("creates a Secret that is not there", async () => {
    const { seen, env } = await cluster((line) => (line.startsWith("POST") ? [201, {}] : [404, {}]));
    await sink("k8s:apps/stats-bot", env).write(PAIR);
    expect(seen[1]?.line).toBe("POST /api/v1/namespaces/apps/secrets");
    expect(seen[1]?.body).toMatchObject({ kind: "Secret", metadata: { name: "stats-bot" } });
  });

  test("a service account that may not is found by the check", async () => {
    const { env } = await cluster(() => [403, {}]);
    await expect(sink("k8s:apps/stats-bot", env).check()).rejects.toMatchObject({ code: "ERR_ADMIN_SINK" });
  });
});

test.each(["", "file:", "bot.json", "s3:bucket/x", "env:#A,B", "env:x#1,2", "k8s:apps", "k8s:a/b/c", "vault:secret"])(
  "%j is no sink",
  (spec) => {
    expect(() => sink(spec, { VAULT_ADDR: "https://v.example", VAULT_TOKEN: "t" })).toThrow(
      expect.objectContaining({ code: "ERR_ADMIN_USAGE" }),
    );
  },
);
