import { COOKIES, PATHS } from "@gatehouse/access-client/contract";
import { PAGE_HEADERS, renderPage } from "../pages/page.ts";
import type { Subject } from "../request/authorize.ts";
import type { AccessReply } from "./access-reply.ts";
import { clearCookie } from "./cookies.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { Sessions } from "./sessions.ts";

export interface LogoutDeps {
  readonly sessions: Sessions;
  readonly provider: IdentityProvider | undefined;
  readonly issuer: string;
  readonly isSecure: boolean;
}

/**
 * Ends the session here at once, then sends the browser to end the identity provider's too, which returns it to this same path,
 * now without a session, for the page that says so.
 */
export async function logOut(subject: Subject | undefined, rayId: string, deps: LogoutDeps): Promise<AccessReply> {
  const idToken = subject?.kind === "person" ? await deps.sessions.end(subject.sessionId) : undefined;
  const cookie = clearCookie(COOKIES.authorization, "/", deps.isSecure);
  const location = idToken === undefined ? undefined : await providerLogout(idToken, deps);
  const headers = { "cf-ray": rayId, "cache-control": "no-store", "set-cookie": cookie };
  if (location !== undefined) {
    return { reply: { status: 302, headers: { ...headers, location }, body: "" }, event: "logged_out" };
  }
  const title = "You are logged out";
  const paragraphs = ["See you soon."];
  const body = renderPage({ title, paragraphs, actions: [{ label: "Log in again", href: "/" }], rayId });
  return { reply: { status: 200, headers: { ...PAGE_HEADERS, ...headers }, body }, event: "logged_out" };
}

/** Our own session has ended whatever the provider says, so its failure is not the person's. */
async function providerLogout(idToken: string, { provider, issuer }: LogoutDeps): Promise<string | undefined> {
  try {
    return await provider?.logoutUrl(idToken, `${issuer}${PATHS.logout}`);
  } catch {
    return undefined;
  }
}
