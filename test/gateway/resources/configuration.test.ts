import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, parsePolicyFile } from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openStore } from "../../../gateway/src/store/store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const EVERY_BOT = { name: "bots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };

let it: TestGateway | undefined;
const folders: string[] = [];
afterEach(async () => {
  await it?.close();
  it = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function start(): Promise<TestGateway> {
  it = await startGateway({ admin: true });
  return it;
}

function createApp(test: TestGateway, path: string, changes: object = {}) {
  const fields = { type: "self_hosted", name: path, domain: test.host + path, origin: test.origin.url };
  return test.api.zeroTrust.access.applications.create({
    account_id,
    policies: [EVERY_BOT],
    ...fields,
    ...changes,
  } as never);
}

async function visit({ url, pair }: TestGateway, path: string): Promise<number> {
  return (await fetch(url + path, { headers: pair })).status;
}

describe("what cannot be read", () => {
  test("refuses everyone, alone, with its place held and a line in the log; and can be mended", async () => {
    const gateway = await start();
    const broken = await createApp(gateway, "/broken");
    await createApp(gateway, "/good");
    const store = await openStore(gateway.config.databaseUrl);
    const { document } = await store
      .selectFrom("applications")
      .select("document")
      .where("id", "=", broken.id ?? "")
      .executeTakeFirstOrThrow();
    const newer = JSON.stringify({ ...JSON.parse(document), quantum_lock: true });
    await store
      .updateTable("applications")
      .set({ document: newer })
      .where("id", "=", broken.id ?? "")
      .execute();
    await store.destroy();
    await gateway.restart();
    expect(await visit(gateway, "/broken/x")).toBe(403);
    expect(await visit(gateway, "/good")).toBe(200);
    expect(gateway.logs.join("")).toMatch(/"kind":"application".*quantum_lock.*cannot be used, and refuses everyone/);
    const shown = await gateway.api.zeroTrust.access.applications.get(broken.id ?? "", { account_id });
    expect(shown).toMatchObject({ name: "/broken", problems: [expect.stringContaining("quantum_lock")] });
    const fields = {
      type: "self_hosted",
      name: "Mended",
      domain: `${gateway.host}/broken`,
      origin: gateway.origin.url,
    };
    await gateway.api.zeroTrust.access.applications.update(broken.id ?? "", { account_id, ...fields } as never);
    expect(await visit(gateway, "/broken/x")).toBe(200);
  });

  test("is a policy that an application has: then the application refuses everyone", async () => {
    const gateway = await start();
    const app = await createApp(gateway, "/a");
    const store = await openStore(gateway.config.databaseUrl);
    await store
      .updateTable("policies")
      .set({ document: "{" })
      .where("application_id", "=", app.id ?? "")
      .execute();
    await store.destroy();
    await gateway.restart();
    expect(await visit(gateway, "/a")).toBe(403);
    expect(await visit(gateway, "/")).toBe(200);
  });
});

describe("a change", () => {
  test("is in force on another gateway of the same store within a second", async () => {
    const first = await start();
    const logger = createLogger({ app: "gateway", level: "silent", destination: { write: () => undefined } });
    const second = await createGateway({ ...first.config, listen: { host: "127.0.0.1", port: 0 } }, { logger });
    const port = await second.listen();
    // It is asked under the first one's name: the application is on that host.
    const { request } = await import("node:http");
    const ask = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { ...first.pair, host: first.host };
        request({ host: "127.0.0.1", port, path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await ask("/late")).toBe(200);
    await createApp(first, "/late", { policies: [] });
    await vi.waitFor(async () => expect(await ask("/late")).toBe(403), { timeout: 5_000, interval: 50 });
    await second.close(100);
  });

  test("that is refused leaves nothing behind", async () => {
    const gateway = await start();
    const include = [{ group: { id: "nobody" } }];
    await expect(createApp(gateway, "/torn", { policies: [{ ...EVERY_BOT, include }] })).rejects.toMatchObject({
      status: 400,
    });
    const { result } = await gateway.api.zeroTrust.access.applications.list({ account_id });
    expect(result).toHaveLength(1);
    expect(await visit(gateway, "/torn")).toBe(200);
    expect(JSON.stringify(await gateway.api.get(`/accounts/${account_id}/access/logs/audit`))).not.toContain(
      "application.created",
    );
  });

  test("of many at once gives each its place", async () => {
    const gateway = await start();
    const paths = Array.from({ length: 12 }, (_, index) => `/many${index % 6}`);
    const results = await Promise.allSettled(paths.map((path) => createApp(gateway, path)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(6);
    for (const path of new Set(paths)) expect(await visit(gateway, path)).toBe(200);
  });
});

describe("the policy file", () => {
  async function startWithFile() {
    const gateway = await start();
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-policies-"));
    folders.push(folder);
    const path = join(folder, "policies.yaml");
    const text = (decision: string) => `applications:
  - name: Stats
    aud: ${"a".repeat(64)}
    domain: ${gateway.host}
    origin: ${gateway.origin.url}
    policies:
      - { name: all, decision: ${decision}, include: [{ any_valid_service_token: {} }] }
`;
    writeFileSync(path, text("non_identity"));
    Object.assign(gateway.config, { policyFile: path, policies: parsePolicyFile(text("non_identity"), path) });
    await gateway.restart();
    return { gateway, path, text };
  }

  test("is read again when it changes; while it is broken, what was read last stays", async () => {
    const { gateway, path, text } = await startWithFile();
    expect(await visit(gateway, "/")).toBe(200);
    writeFileSync(path, text("allow"));
    await vi.waitFor(() => expect(gateway.logs.join("")).toMatch(/policies.yaml:7 .*send the bot to the login page/), {
      timeout: 10_000,
    });
    expect(await visit(gateway, "/")).toBe(200);
    writeFileSync(
      path,
      text("non_identity").replace(
        "any_valid_service_token: {}",
        "service_token: { token_id: 00000000-0000-4000-8000-000000000000 }",
      ),
    );
    await vi.waitFor(async () => expect(await visit(gateway, "/")).toBe(403), { timeout: 10_000 });
    rmSync(path);
    await vi.waitFor(() => expect(gateway.logs.join("")).toContain("cannot be read (ENOENT)"), { timeout: 10_000 });
    expect(await visit(gateway, "/")).toBe(403);
  }, 40_000);

  test("wins over the store: an application that has its place refuses everyone elsewhere too", async () => {
    const { gateway, path, text } = await startWithFile();
    const destinations = ["/mine", "/also"].map((one) => ({ uri: gateway.host + one }));
    await createApp(gateway, "/mine", { domain: undefined, destinations });
    expect(await visit(gateway, "/also")).toBe(200);
    const second = text("non_identity").replace("applications:\n", "").replace(/a{64}/, "c".repeat(64));
    writeFileSync(path, text("non_identity") + second.replace(/domain: .*/, `domain: ${gateway.host}/mine`));
    await vi.waitFor(async () => expect(await visit(gateway, "/also")).toBe(403), { timeout: 10_000 });
    expect(await visit(gateway, "/mine")).toBe(200);
    expect(gateway.logs.join("")).toContain("is already taken by the application Stats");
  }, 40_000);
});
