import { type AdminApi, AdminError, findToken } from "@gatehouse/admin/rotation";
import type { TokenFacts } from "./facts.ts";
import { adminProblem } from "./problem.ts";

/** An admin waits for the card: an API that takes longer is told of, not waited for. */
const TIMEOUT_MS = 5_000;

/** What the admin API knows of the service token. Never throws an {AdminError}. */
export async function readToken(api: AdminApi | undefined, clientId: string | undefined): Promise<TokenFacts> {
  if (api === undefined) return { kind: "unconfigured" };
  if (clientId === undefined) return { kind: "unknown", problem: "My credentials cannot be read." };
  const { promise: late, resolve } = Promise.withResolvers<TokenFacts>();
  const problem = `The admin API did not answer within ${TIMEOUT_MS / 1_000} s.`;
  const timer = setTimeout(() => resolve({ kind: "unknown", problem }), TIMEOUT_MS);
  try {
    return await Promise.race([askApi(api, clientId), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function askApi(api: AdminApi, clientId: string): Promise<TokenFacts> {
  try {
    return { kind: "known", token: await findToken(api, clientId) };
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    return { kind: "unknown", problem: adminProblem(error) };
  }
}
