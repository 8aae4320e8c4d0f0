import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAIR, startFakeGateway } from "./support/fake-gateway.ts";

const ROOT = join(import.meta.dirname, "../..");
const ROOM = join(ROOT, "access-client");
const ENV = { CLOUDFLARE_ACCESS_CLIENT_ID: PAIR.clientId, CLOUDFLARE_ACCESS_CLIENT_SECRET: PAIR.clientSecret };

/** An empty project with the packed package in it, and nothing of the workspace but its three dependencies. */
let project: string;
let tarball: string;

beforeAll(() => {
  execFileSync(process.execPath, ["build.ts"], {
    cwd: ROOM,
    env: { PATH: `${ROOT}/node_modules/.bin:${process.env["PATH"]}` },
  });
  project = mkdtempSync(join(tmpdir(), "access-client-package-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", project], { cwd: join(ROOM, "dist") });
  tarball = join(project, readdirSync(project).find((name) => name.endsWith(".tgz")) ?? "");
  const installed = join(project, "node_modules/@gatehouse/access-client");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
  for (const name of ["jose", "lru-cache", "undici", "express"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  cpSync(join(ROOM, "examples"), join(project, "examples"), { recursive: true });
}, 60_000);
afterAll(() => rmSync(project, { recursive: true }));

function run(file: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(project, file)], { cwd: project, env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk));
  const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, text }));
  });
  const says = async (words: string): Promise<string> => {
    while (!text.includes(words) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
    return text;
  };
  return { child, ended, says };
}

describe("the package that is published", () => {
  test("has nothing that publint would complain of", async () => {
    const { messages } = await publint({ pkgDir: join(ROOM, "dist"), strict: true });
    expect(messages).toEqual([]);
  });

  test("has types that resolve wherever ESM does", async () => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const problems = checked.types === false ? ["no types"] : checked.problems;
    // It is ESM only: whoever requires it gets ESM, which Node 22 loads.
    const kinds = problems.map((problem) => (typeof problem === "string" ? problem : problem.kind));
    expect(new Set(kinds)).toEqual(new Set(["CJSResolvesToESM"]));
  });

  test("holds JavaScript, declarations, source maps and its licence; no tests and no scripts of ours", () => {
    const names = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).split("\n");
    for (const name of ["index.js", "index.d.ts", "index.js.map", "verify/index.js", "LICENSE", "README.md"]) {
      expect(names).toContain(`package/${name}`);
    }
    expect(names.filter((name) => /test|build\.ts|tsconfig/.test(name))).toEqual([]);
  });
});

describe("in an empty project", () => {
  test("the README's first lines run", async () => {
    const gateway = await startFakeGateway();
    const [, code = ""] = /```ts\n([\s\S]+?)```/.exec(readFileSync(join(ROOM, "README.md"), "utf8")) ?? [];
    expect(code).toContain("createAccessClient");
    writeFileSync(join(project, "readme.ts"), code.replaceAll("https://stats.example.com", gateway.origin));
    const { code: exitCode, text } = await run("readme.ts", ENV).ended;
    await gateway.close();
    expect(text).toContain("200");
    expect(exitCode).toBe(0);
  });

  test("the cron job exchanges once for two runs", async () => {
    const gateway = await startFakeGateway();
    const env = { ...ENV, STATS_URL: gateway.origin, TOKEN_CACHE: join(project, "tokens.json") };
    for (let count = 0; count < 2; count += 1)
      expect((await run("examples/report.ts", env).ended).text).toContain("200");
    await gateway.close();
    expect(gateway.exchanges).toBe(1);
  });

  test("the cron job says what is wrong with its secret, and not the secret", async () => {
    const gateway = await startFakeGateway({ clientSecret: "another" });
    const { code, text } = await run("examples/report.ts", { ...ENV, STATS_URL: gateway.origin }).ended;
    await gateway.close();
    expect(code).toBe(1);
    expect(text).toContain("ERR_ACCESS_UNAUTHENTICATED");
    expect(text).not.toContain(PAIR.clientSecret);
  });

  test("the service in Kubernetes follows its Secret", async () => {
    const gateway = await startFakeGateway();
    const file = join(project, "credentials");
    const write = (secret: string) =>
      writeFileSync(file, JSON.stringify({ client_id: PAIR.clientId, client_secret: secret }));
    write(PAIR.clientSecret);
    const service = run("examples/kubernetes.ts", {
      STATS_URL: gateway.origin,
      CREDENTIALS_FILE: file,
      EVERY_MS: "50",
    });
    await service.says("200");
    gateway.clientSecret = "rotated-secret";
    write("rotated-secret");
    expect(await service.says("rotated")).toContain("the service token was rotated");
    service.child.kill();
    await service.ended;
    await gateway.close();
  });

  test("the origin refuses whoever comes without an assertion", async () => {
    const env = { ACCESS_ISSUER: "https://team.cloudflareaccess.com", ACCESS_AUDIENCE: "a".repeat(64), PORT: "0" };
    const origin = run("examples/origin.ts", env);
    const port = /"port":(\d+)/.exec(await origin.says("listening"))?.[1];
    expect((await fetch(`http://127.0.0.1:${port}/report`)).status).toBe(401);
    origin.child.kill();
    await origin.ended;
  });
});
