import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileCredentials } from "@gatehouse/access-client";
import { credentialsFileSink } from "@gatehouse/admin/rotation";
import { describe, expect, onTestFinished, test } from "vitest";

const PAIR = { clientId: "1234.access", clientSecret: "cfast_new" };

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "bot");
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe("a client's own credentials file", () => {
  test.each([
    ["JSON", '{ "client_id": "1234.access", "client_secret": "old" }'],
    ["JSON with our names", '\n{"clientId":"1234.access","clientSecret":"old"}'],
    ["an env file", "CLOUDFLARE_ACCESS_CLIENT_ID=1234.access\nCLOUDFLARE_ACCESS_CLIENT_SECRET=old\n"],
    ["an env file with the API's names", "client_id=1234.access\nclient_secret=old\n"],
    [
      "an env file with two sorts of names, of which the first counts",
      "CLOUDFLARE_ACCESS_CLIENT_SECRET=older\nclient_secret=old\nCLOUDFLARE_ACCESS_CLIENT_ID=1234.access\n",
    ],
  ])("is written so that the client reads the new pair from it: %s", async (_, text) => {
    const path = fileWith(text);
    const sink = credentialsFileSink(path);
    await sink.check();
    await sink.write(PAIR);
    expect(await fileCredentials(path).read()).toEqual(PAIR);
  });

  test("may be a symbolic link, which stays one", async () => {
    const path = fileWith("client_id=1234.access\n# ours\nclient_secret=old\n");
    symlinkSync(path, `${path}.link`);
    await credentialsFileSink(`${path}.link`).write(PAIR);
    expect(readFileSync(path, "utf8")).toBe("client_id=1234.access\n# ours\nclient_secret=cfast_new\n");
    expect(lstatSync(`${path}.link`).isSymbolicLink()).toBe(true);
  });

  test("that is not there is an error before anything is changed", async () => {
    const sink = credentialsFileSink("/nowhere/bot.env");
    const error = { code: "ERR_ADMIN_SINK", message: "/nowhere/bot.env cannot be read (ENOENT)." };
    await expect(sink.check()).rejects.toMatchObject(error);
  });
});
