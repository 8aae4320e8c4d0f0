import { createLogger } from "@gatehouse/service";
import type { WorkspaceConfig } from "../../../local/workspace/config.ts";
import { createWorkspace, type Workspace } from "../../../local/workspace/workspace.ts";

export const CONFIG: WorkspaceConfig = {
  host: "127.0.0.1",
  port: 0,
  dataFile: ":memory:",
  team: "Acme Notes",
  botName: "stats",
  people: [
    { name: "ada", realName: "Ada Park", email: "ada@example.com", title: "Product" },
    { name: "grace", realName: "Grace Okafor", email: "grace@example.com", title: "Growth" },
  ],
};

export const GENERAL = "C0GENERAL";
export const ADA = "U0ADA";

/** A listening workspace; lines of its log go to `log`. */
export async function startWorkspace(
  changes: Partial<WorkspaceConfig> = {},
  deps: { now?: () => number; log?: string[] } = {},
): Promise<Workspace> {
  const logger = createLogger({
    app: "workspace",
    level: "debug",
    isPretty: false,
    destination: { write: (line: string) => deps.log?.push(line) },
  });
  const workspace = await createWorkspace({ ...CONFIG, ...changes }, { logger, ...(deps.now && { now: deps.now }) });
  await workspace.listen();
  return workspace;
}

/** Calls a Web API method as the bot, with a JSON body. */
export async function callApi(
  workspace: Workspace,
  method: string,
  body: object = {},
  token: string | undefined = workspace.botToken,
): Promise<Record<string, unknown>> {
  const response = await fetch(workspace.apiUrl + method, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}
