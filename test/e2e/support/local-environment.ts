import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../support/free-ports.ts";

/** What `npm start` reads, with free ports and without sample data; the folder is new unless one is given. */
export async function localEnvironment(folder?: string): Promise<Record<string, string>> {
  const [chat, gateway, admin, stats, identity] = (await freePorts(5)).map(String);
  return {
    LOCAL_CHAT_PORT: String(chat),
    GATEWAY_PORT: String(gateway),
    GATEWAY_ADMIN_PORT: String(admin),
    STATS_PORT: String(stats),
    LOCAL_IDENTITY_PORT: String(identity),
    LOCAL_DATA_FOLDER: folder ?? mkdtempSync(join(tmpdir(), "gatehouse-local-")),
    LOCAL_SAMPLE_DATA: "false",
  };
}
