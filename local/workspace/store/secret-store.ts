import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/** The tokens that the app presents, made on the first start and kept. */
export interface WorkspaceSecrets {
  /** `xoxb-…`: the Web API. */
  readonly botToken: string;
  /** `xapp-…`: opening sockets. */
  readonly appToken: string;
  readonly signingSecret: string;
}

export function loadSecrets(database: DatabaseSync): WorkspaceSecrets {
  const insert = database.prepare("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const select = database.prepare("SELECT value FROM secrets WHERE name = ?");
  const secret = (name: string, prefix: string): string => {
    insert.run(name, prefix + randomBytes(24).toString("hex"));
    return String(select.get(name)?.["value"]);
  };
  return {
    botToken: secret("bot_token", "xoxb-local-"),
    appToken: secret("app_token", "xapp-local-"),
    signingSecret: secret("signing_secret", ""),
  };
}
