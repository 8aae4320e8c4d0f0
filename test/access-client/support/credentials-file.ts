import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "@gatehouse/access-client";
import { onTestFinished } from "vitest";

/** A file in a folder of its own, gone when the test ends. */
export async function createFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "credentials");
  await writeFile(file, text);
  return file;
}

export const jsonFile = ({ clientId, clientSecret }: Credentials): string =>
  JSON.stringify({ client_id: clientId, client_secret: clientSecret });
