import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Agent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { commandSink } from "../../admin/src/sinks/command.ts";
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
    ["keeps the kind of quotes", "S=\"old\"\nA='x'\n", "S=\"new\"\nA='x'\n"],
    ["keeps quotes with a comment behind", "S='old' # prod\n", "S='new' # prod\n"],
    ["keeps a comment behind", "S=old # prod\n", "S=new # prod\n"],
    ["keeps the line ends of Windows", "A=1\r\nS=old\r\nB=2\r\n", "A=1\r\nS=new\r\nB=2\r\n"],
    ["gets a new one with the line ends of Windows", "A=1\r\n", "A=1\r\nS=new\r\n"],
    ["keeps a last line without an end", "A=1\nS=old", "A=1\nS=new"],
    ["keeps blanks around the sign", "  S = old\n", "  S = new\n"],
    ["does not look into a value of several lines", 'K="a\nS=old\nb"\n', 'K="a\nS=old\nb"\nS=new\n'],
    ["replaces a value of several lines as a whole", 'S="a\nb"\nB=2\n', 'S="new"\nB=2\n'],
    ["leaves a comment that holds it", "# S=old\n", "# S=old\nS=new\n"],
  ])("%s", (_, before, after) => expect(setVariable(before, "S", "new")).toBe(after));

  test("that somebody wrote with anything in it keeps every other byte", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("A=1", "# c", "", "export B='x y'", ' C = "z"', "S_=1", "junk")),
        (lines) => {
          const [before, after] = [lines.slice(0, 3), lines.slice(3)];
          const whole = (line: string) => [...before, line, ...after].join("\n");
          expect(setVariable(whole("S=old"), "S", "new")).toBe(whole("S=new"));
        },
      ),
    );
  });

  test("in another encoding keeps every other byte", async () => {
    const path = join(folder(), "x.env");
    writeFileSync(path, Buffer.from("# caf\xe9\nI=1\nS=2\n", "latin1"));
    await sink(`env:${path}#I,S`).write(PAIR);
    expect(readFileSync(path, "latin1")).toBe(`# caf\xe9\nI=${PAIR.clientId}\nS=${PAIR.clientSecret}\n`);
  });

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

  test.each([
    [0o644, 0o600],
    [0o600, 0o600],
    [0o640, 0o640],
  ])("with the rights %o gets %o: its group's are kept where they were meant", async (before, after) => {
    const path = join(folder(), "bot.json");
    writeFileSync(path, "old");
    chmodSync(path, before);
    await sink(`file:${path}`).write(PAIR);
    expect(statSync(path).mode & 0o777).toBe(after);
  });

  test("behind a symbolic link is replaced where it is", async () => {
    const where = folder();
    writeFileSync(join(where, "real.json"), "old");
    symlinkSync("real.json", join(where, "link.json"));
    await sink(`file:${join(where, "link.json")}`).write(PAIR);
    expect(lstatSync(join(where, "link.json")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(where, "real.json"), "utf8")).toContain(PAIR.clientSecret);
  });

  test("that is named from here is the same file from everywhere", () => {
    expect(sink("file:bot.json").name).toBe(`file ${join(process.cwd(), "bot.json")}`);
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

  test("that hangs is ended and said", async () => {
    await expect(commandSink("exec sleep 600", 200).write(PAIR)).rejects.toMatchObject({
      code: "ERR_ADMIN_SINK",
      message: expect.stringContaining("did not end in 0.2 s"),
    });
  });

  test("that complains without end takes no memory for it", async () => {
    const error = await sink("command:head -c 5000000 /dev/zero | tr '\\0' x >&2; exit 1")
      .write(PAIR)
      .catch((caught: Error) => caught);
    expect(String(error).length).toBeLessThan(1_000);
  });

  test("that closes its input at once, and fails, is said", async () => {
    await expect(sink("command:exec 0<&-; exit 7").write(PAIR)).rejects.toThrow("ended with 7");
  });

  test("that does not read its input is no crash", async () => {
    await sink("command:true").write(PAIR);
  });
});

describe("Vault", () => {
  const stored = { data: { data: { other: "kept" }, metadata: { version: 7 } } };
  const isMount = (line: string) => line.startsWith("GET /v1/sys/internal/ui/mounts/");
  const isRead = (line: string) => line.startsWith("GET");
  const mount = (version: string, path = "secret/") =>
    [200, { data: { path, type: "kv", options: { version } } }] as const;

  test("keeps the other keys, and writes only over the version it read", async () => {
    const { seen, url } = await api((line) => (isMount(line) ? mount("2") : [200, isRead(line) ? stored : {}]));
    await sink("vault:secret/bots/stats", { VAULT_ADDR: url, VAULT_TOKEN: "vault-token" }).write(PAIR);
    expect(seen.slice(1).map(({ line }) => line)).toEqual([
      "GET /v1/secret/data/bots/stats",
      "POST /v1/secret/data/bots/stats",
    ]);
    expect(seen[2]?.headers["x-vault-token"]).toBe("vault-token");
    expect(seen[2]?.body).toEqual({
      options: { cas: 7 },
      data: { other: "kept", client_id: PAIR.clientId, client_secret: PAIR.clientSecret },
    });
  });

  test("makes a secret that is not there yet", async () => {
    const { seen, url } = await api((line) => (isRead(line) ? [404, { errors: [] }] : [200, {}]));
    await sink("vault:secret/new", { VAULT_ADDR: url, VAULT_TOKEN: "t" }).write(PAIR);
    expect(seen[2]?.body).toMatchObject({ options: { cas: 0 } });
  });

  test("of version 1 gets all keys at once, below a mount of two segments", async () => {
    const { seen, url } = await api((line) =>
      isMount(line) ? mount("1", "team/kv/") : [200, { data: { other: "kept" } }],
    );
    await sink("vault:team/kv/bots/stats", { VAULT_ADDR: url, VAULT_TOKEN: "t" }).write(PAIR);
    expect(seen.slice(1).map(({ line }) => line)).toEqual([
      "GET /v1/team/kv/bots/stats",
      "POST /v1/team/kv/bots/stats",
    ]);
    expect(seen[2]?.body).toEqual({ other: "kept", client_id: PAIR.clientId, client_secret: PAIR.clientSecret });
  });

  test("a token that may read and not write is found by the check, which writes nothing", async () => {
    const { seen, url } = await api((line) => {
      if (isMount(line)) return mount("2");
      return [200, isRead(line) ? stored : { capabilities: ["read", "list"] }];
    });
    await expect(sink("vault:secret/x", { VAULT_ADDR: url, VAULT_TOKEN: "t" }).check()).rejects.toMatchObject({
      code: "ERR_ADMIN_SINK",
      message: expect.stringContaining("secret/data/x"),
    });
    expect(seen.at(-1)).toMatchObject({
      line: "POST /v1/sys/capabilities-self",
      body: { paths: ["secret/data/x"] },
    });
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

  test("the check has the cluster try it, and changes nothing", async () => {
    const { seen, env } = await cluster((line) => (line.startsWith("POST") ? [201, {}] : [404, {}]));
    await sink("k8s:apps/stats-bot", env).check();
    expect(seen.map(({ line }) => line)).toEqual([
      "PATCH /api/v1/namespaces/apps/secrets/stats-bot?dryRun=All",
      "POST /api/v1/namespaces/apps/secrets?dryRun=All",
    ]);
    expect(seen[1]?.body).toMatchObject({ stringData: { client_id: "", client_secret: "" } });
  });

  test("a Secret that is immutable is found by the check", async () => {
    const { env } = await cluster(() => [422, {}]);
    await expect(sink("k8s:apps/stats-bot", env).check()).rejects.toThrow("immutable");
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
