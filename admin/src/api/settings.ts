import { readFileSync } from "node:fs";
import { parseSecureUrl } from "@gatehouse/access-client/protocol";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";

const CLOUDFLARE = "https://api.cloudflare.com/client/v4";
/** Our gateway has one account, and takes any name for it. */
const OWN_ACCOUNT = "gatehouse";

export interface ApiSettings {
  /** Without a slash at the end: `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  readonly accountId: string;
  readonly apiToken: string;
}

export interface SettingsDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks without showing what is typed; undefined where nobody can be asked. */
  readonly askSecret: ((question: string) => Promise<string>) | undefined;
}

/**
 * Where the API is and who calls: `--api` or `CLOUDFLARE_BASE_URL`, `--account` or `CLOUDFLARE_ACCOUNT_ID`, and the token from
 * `CLOUDFLARE_API_TOKEN`, its `_FILE`, or a prompt; never from the command line, which others can see.
 *
 * @throws {AdminError} `ERR_ADMIN_USAGE`, `ERR_ADMIN_ACCOUNT_MISSING`, `ERR_ADMIN_API_TOKEN_MISSING`
 */
export async function readApiSettings(
  options: { readonly api?: string; readonly account?: string },
  { env, askSecret }: SettingsDeps,
): Promise<ApiSettings> {
  const place = placeOfApi({
    baseUrl: options.api ?? env["CLOUDFLARE_BASE_URL"],
    accountId: options.account ?? env["CLOUDFLARE_ACCOUNT_ID"],
  });
  const apiToken = readToken(env) ?? (await askSecret?.("API token"));
  if (!apiToken) {
    const message = "Set CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_TOKEN_FILE with the path of a file that holds it.";
    throw new AdminError("ERR_ADMIN_API_TOKEN_MISSING", message);
  }
  return { ...place, apiToken };
}

/**
 * Completes an API's address and account: Cloudflare's, which wants an account, unless another address is given.
 *
 * @throws {AdminError} `ERR_ADMIN_USAGE`, `ERR_ADMIN_ACCOUNT_MISSING`
 */
export function placeOfApi(given: {
  readonly baseUrl?: string | undefined;
  readonly accountId?: string | undefined;
}): Omit<ApiSettings, "apiToken"> {
  const baseUrl = baseUrlOf(given.baseUrl || CLOUDFLARE);
  const accountId = given.accountId || (baseUrl === CLOUDFLARE ? undefined : OWN_ACCOUNT);
  if (accountId !== undefined) return { baseUrl, accountId };
  throw new AdminError("ERR_ADMIN_ACCOUNT_MISSING", "Set CLOUDFLARE_ACCOUNT_ID, or give --account.");
}

function baseUrlOf(text: string): string {
  try {
    const url = parseSecureUrl(text, "--api");
    const path = url.pathname === "/" ? "/client/v4" : url.pathname.replace(/\/$/, "");
    return url.origin + path;
  } catch (cause) {
    throw new AdminError("ERR_ADMIN_USAGE", (cause as Error).message, { cause });
  }
}

function readToken(env: SettingsDeps["env"]): string | undefined {
  const file = env["CLOUDFLARE_API_TOKEN_FILE"] || undefined;
  if (env["CLOUDFLARE_API_TOKEN"]) return env["CLOUDFLARE_API_TOKEN"];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    const message = `CLOUDFLARE_API_TOKEN_FILE cannot be read (${reasonOf(cause)}).`;
    throw new AdminError("ERR_ADMIN_API_TOKEN_MISSING", message, { cause });
  }
}
