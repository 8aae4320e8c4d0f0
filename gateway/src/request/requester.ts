import type { IncomingHttpHeaders } from "node:http";
import type { ClientRequest } from "../proxy/client-message.ts";
import type { Credential } from "./credential.ts";

/** Who reads the answer: a person in front of a browser, or a program, which never gets HTML or a login redirect. */
export type Requester = "person" | "program";

/** A program is whoever shows a bot's credential, does not accept HTML, or is a script in a page (fetch, XHR, WebSocket). */
export function recognizeRequester(headers: IncomingHttpHeaders, credential: Credential): Requester {
  const showsHeaderCredential =
    credential.kind === "pair" ||
    ((credential.kind === "refused" || credential.kind === "token") && credential.carrier === "header");
  if (showsHeaderCredential || !headers.accept?.includes("text/html")) return "program";
  const mode = headers["sec-fetch-mode"];
  const isScript = mode !== undefined && mode !== "navigate";
  return isScript || headers["x-requested-with"] !== undefined || headers.upgrade !== undefined ? "program" : "person";
}

/**
 * Whether Access's command line wants to see a login redirect: when it asks if its JWT still counts, for which it takes any other
 * status as a yes, and when it follows redirects to fetch one.
 */
export function expectsLoginRedirect({ method, headers }: ClientRequest, query: string): boolean {
  const asksForPass = method === "HEAD" && headers["user-agent"]?.startsWith("cloudflared/") === true;
  return asksForPass || /[?&]cloudflared_token_check=true(?:&|$)/.test(query);
}
