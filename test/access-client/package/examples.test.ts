import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { freePort, OTHER_AUD, startGateway as startRealGateway } from "../../gateway/support/gateway.ts";
import { ADA, GENERAL, startWorkspace } from "../../local/support/workspace.ts";
import { openChat } from "../../support/chat-client.ts";
import { type FakeGatewayState, PAIR, startFakeGateway } from "../support/fake-gateway.ts";
import { startKeyServer } from "../support/key-server.ts";
import { type PackedProject, packProject, ROOM, runFile } from "../support/packed-project.ts";
import { createSigner } from "../support/signer.ts";

const ENV = { CLOUDFLARE_ACCESS_CLIENT_ID: PAIR.clientId, CLOUDFLARE_ACCESS_CLIENT_SECRET: PAIR.clientSecret };
/** This Node, and whichever else are named, their commands joined by a colon: `/opt/node22/bin/node:bun:deno run -A`. */
const RUNTIMES = [process.execPath, ...(process.env["GATEHOUSE_TEST_RUNTIMES"]?.split(":") ?? [])];

const [, TEN_LINES = ""] = /```ts\n([\s\S]+?)```/.exec(readFileSync(join(ROOM, "README.md"), "utf8")) ?? [];

let project: PackedProject;
beforeAll(() => {
  project = packProject();
}, 120_000);
afterAll(() => project.remove());

async function startGateway(changes: Partial<FakeGatewayState> = {}) {
  const gateway = await startFakeGateway(changes);
  onTestFinished(() => gateway.close());
  return gateway;
}

function writeTenLines(origin: string): string {
  writeFileSync(join(project.folder, "ten-lines.ts"), TEN_LINES.replaceAll("https://stats.example.com", origin));
  return "ten-lines.ts";
}

describe.each(RUNTIMES)("in an empty project, run by %s", (runtime) => {
  const run = (file: string, env: Readonly<Record<string, string>>) => runFile(project, file, env, runtime);

  test("the README's ten lines run", async () => {
    const gateway = await startGateway();
    expect(TEN_LINES.trimEnd().split("\n")).toHaveLength(10);
    const { code, text } = await run(writeTenLines(gateway.origin), ENV).ended;
    expect(text).toContain("200");
    expect(code).toBe(0);
    expect(gateway.exchanges).toBe(1);
  });

  test("the README's ten lines say in plain words what is wrong with a secret", async () => {
    const gateway = await startGateway({ clientSecret: "another" });
    const { text } = await run(writeTenLines(gateway.origin), ENV).ended;
    expect(text).toContain("ERR_ACCESS_UNAUTHENTICATED");
    expect(text).not.toContain(PAIR.clientSecret);
  });

  test("the cron job exchanges once for two runs", async () => {
    const gateway = await startGateway();
    const env = {
      ...ENV,
      STATS_URL: gateway.origin,
      TOKEN_CACHE: join(project.folder, `${new URL(gateway.origin).port}.json`),
    };
    for (let count = 0; count < 2; count += 1)
      expect((await run("examples/report.ts", env).ended).text).toContain("200");
    expect(gateway.exchanges).toBe(1);
  });

  test("the cron job says what is wrong with its secret, and not the secret", async () => {
    const gateway = await startGateway({ clientSecret: "another" });
    const { code, text } = await run("examples/report.ts", { ...ENV, STATS_URL: gateway.origin }).ended;
    expect(code).toBe(1);
    expect(text).toContain("ERR_ACCESS_UNAUTHENTICATED");
    expect(text).not.toContain(PAIR.clientSecret);
  });

  test("the service in Kubernetes, with its manifest's variables, follows its Secret", async () => {
    const gateway = await startGateway();
    const mount = mountSecret(join(project.folder, `secret-${new URL(gateway.origin).port}`), PAIR);
    const env = { ...readManifestVariables(mount.folder), STATS_URL: gateway.origin, EVERY_MS: "50" };
    const service = run("examples/kubernetes.ts", env);
    await service.says("200");
    gateway.clientSecret = "rotated-secret";
    mount.swap({ ...PAIR, clientSecret: "rotated-secret" });
    expect(await service.says("rotated")).toContain("the service token was rotated");
  });

  test("the Slack bot answers with the app's report, and a refusal is for its log alone", async () => {
    const gateway = await startGateway({ app: (_, response) => response.end("all is well") });
    const workspace = await startWorkspace({
      commands: [{ command: "/report", usageHint: "", description: "The report" }],
    });
    const ada = await openChat(workspace.url, ADA);
    onTestFinished(async () => {
      ada.close();
      await workspace.close();
    });
    const slack = {
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_APP_TOKEN: workspace.appToken,
      SLACK_API_URL: workspace.apiUrl,
    };
    const bot = run("examples/slack-bot.ts", { ...ENV, ...slack, STATS_URL: gateway.origin });
    await bot.says("the bot listens");
    await ada.command(GENERAL, "/report");
    expect((await ada.message()).text).toBe("all is well");
    gateway.isForbidden = true;
    await ada.command(GENERAL, "/report");
    expect((await ada.message()).text).toContain("cannot be reached");
    expect(await bot.says("ERR_ACCESS_FORBIDDEN")).toContain("ERR_ACCESS_FORBIDDEN");
  });

  test("the origin serves a bot by its assertion, and nobody without one", async () => {
    const { env, assertion } = await startIssuer();
    const origin = run("examples/origin.ts", { ...env, PORT: "0" });
    const port = /"port":(\d+)/.exec(await origin.says("listening"))?.[1];
    const get = async (headers: Record<string, string>) => {
      const response = await fetch(`http://127.0.0.1:${port}/report`, { headers });
      return `${response.status} ${await response.text()}`;
    };
    expect(await get({})).toContain("401");
    expect(await get({ "cf-access-jwt-assertion": assertion })).toBe("200 a report for bot.access");
  });

  test("the cron job gets its report from the origin through a real gateway, which made it known", async () => {
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const origin = run("examples/origin.ts", { ACCESS_ISSUER: issuer, ACCESS_AUDIENCE: OTHER_AUD, PORT: "0" });
    const originPort = /"port":(\d+)/.exec(await origin.says("listening"))?.[1];
    const { token, close } = await startRealGateway({
      port,
      applications: (host) => `
  - name: Reports
    aud: ${OTHER_AUD}
    domain: ${host}/report
    origin: http://127.0.0.1:${originPort}
    policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }]`,
    });
    onTestFinished(close);
    const pair = {
      CLOUDFLARE_ACCESS_CLIENT_ID: token.clientId,
      CLOUDFLARE_ACCESS_CLIENT_SECRET: token.clientSecret,
    };
    const env = { STATS_URL: issuer, TOKEN_CACHE: join(project.folder, `${port}.json`) };
    expect((await run("examples/report.ts", { ...pair, ...env }).ended).text).toContain(
      `200 a report for ${token.clientId}`,
    );
    const wrong = await run("examples/report.ts", { ...ENV, STATS_URL: issuer }).ended;
    expect(wrong.text).toContain("Check the client id: the gateway knows no such service token.");
  });

  test("the Worker serves a bot by its assertion, and nobody without one", async () => {
    const { env, assertion } = await startIssuer();
    const host = [
      'import worker from "./examples/worker.ts";',
      `for (const headers of [{}, { "cf-access-jwt-assertion": "${assertion}" }]) {`,
      `  const response = await worker.fetch(new Request("http://app/", { headers }), ${JSON.stringify(env)});`,
      "  console.log(response.status, await response.text());",
      "}",
    ];
    writeFileSync(join(project.folder, "worker-host.ts"), host.join("\n"));
    const { text } = await run("worker-host.ts", {}).ended;
    expect(text).toContain("401 Access denied.");
    expect(text).toContain("200 a report for bot.access");
  });
});

/** The variables of examples/kubernetes.yaml, its mount moved to this folder. */
function readManifestVariables(folder: string): Record<string, string> {
  const { spec } = parseYaml(readFileSync(join(project.folder, "examples/kubernetes.yaml"), "utf8"));
  const [{ env, volumeMounts }] = spec.template.spec.containers;
  const variables = env as readonly { readonly name: string; readonly value: string }[];
  return Object.fromEntries(
    variables.map(({ name, value }) => [name, value.replace(volumeMounts[0].mountPath, folder)]),
  );
}

/** A Secret's mount as the kubelet makes it: files are links through `..data`, which is swapped in one step. */
function mountSecret(folder: string, first: Readonly<Record<"clientId" | "clientSecret", string>>) {
  let version = 0;
  const swap = ({ clientId, clientSecret }: typeof first) => {
    version += 1;
    const data = join(folder, `..${version}`);
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, "client_id"), clientId);
    writeFileSync(join(data, "client_secret"), clientSecret);
    symlinkSync(data, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  swap(first);
  for (const name of ["client_id", "client_secret"]) symlinkSync(join("..data", name), join(folder, name));
  return { folder, swap };
}

/** A gateway as an origin knows it: an issuer with keys, and one assertion of it. */
async function startIssuer() {
  const signer = await createSigner();
  const server = await startKeyServer([signer.jwk]);
  onTestFinished(() => server.close());
  const iss = new URL(server.url).origin;
  const iat = Math.floor(Date.now() / 1_000);
  const aud = "a".repeat(64);
  const claims = { type: "app", iss, aud: [aud], iat, exp: iat + 600, sub: "", common_name: "bot.access" };
  return { env: { ACCESS_ISSUER: iss, ACCESS_AUDIENCE: aud }, assertion: await signer.sign(claims) };
}
