import { COOKIES, HEADERS, type RefusalBody, type RefusalReason } from "@gatehouse/access-client/contract";
import { clearCookie } from "../login/cookies.ts";
import type { LoginLink } from "../login/login-link.ts";
import { PAGE_HEADERS, type PageAction, renderPage } from "../pages/page.ts";
import type { Application } from "../policies/model.ts";
import type { RawHeaders } from "../proxy/headers.ts";
import { ERROR_WORDS, REASONS } from "./reasons.ts";
import type { Reply } from "./reply.ts";
import type { Requester } from "./requester.ts";

export interface RefusalContext {
  readonly requester: Requester;
  readonly rayId: string;
  readonly application: Application | undefined;
  /** Where this request would log in; undefined where nobody can: no identity provider, or no policy for people. */
  readonly login: LoginLink | undefined;
  /** Who is logged in, for the page that says no. */
  readonly email: string | undefined;
  /** Only a GET or HEAD may be sent elsewhere and come back. */
  readonly isSafeMethod: boolean;
  /** Lets a page elsewhere read the refusal too. */
  readonly corsHeaders?: RawHeaders | undefined;
  /** When to try again, where that is known. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Two cookies for one application are refused, and cannot be told apart; a page takes both away. No redirect, which might come back
 * with the same two.
 */
function clearedCookies(reason: RefusalReason, { application }: RefusalContext): readonly string[] {
  if (reason !== "ambiguous_credential" || application === undefined) return [];
  const paths = new Set(["/", ...application.destinations.map(({ path }) => path)]);
  return [...paths]
    .filter((path) => path.startsWith("/") && !path.includes("*"))
    .map((path) => clearCookie(COOKIES.authorization, path, false));
}

/** Turns a reason into the answer: JSON for a program; for a person the login, or a page. */
export function refuse(reason: RefusalReason, context: RefusalContext): Reply {
  const status = statusOf(reason, context);
  if (context.requester === "program") return jsonRefusal(reason, status, context);
  const { login, isSafeMethod } = context;
  const mayRedirect = status === 401 && isSafeMethod && reason !== "ambiguous_credential";
  if (mayRedirect && login !== undefined) return redirectTo(login.url, context, login.cookies);
  const denyUrl = status === 401 || status === 403 ? denyUrlOf(context) : null;
  if (denyUrl !== null && isSafeMethod) return redirectTo(denyUrl, context);
  return pageRefusal(reason, status, context);
}

function denyUrlOf({ application, email, login }: RefusalContext): string | null {
  if (email !== undefined) return application?.denyUrl ?? null;
  return login === undefined ? (application?.nonIdentityDenyUrl ?? null) : null;
}

/** Access answers 403 to a browser where no login could help, unless the application asks for 401. */
function statusOf(reason: RefusalReason, { requester, application, login }: RefusalContext): number {
  const { status } = REASONS[reason];
  const isHopeless = requester === "person" && status === 401 && login === undefined;
  return isHopeless && application?.isServiceAuth401 === false ? 403 : status;
}

function jsonRefusal(reason: RefusalReason, status: number, context: RefusalContext): Reply {
  const body: RefusalBody = {
    error: ERROR_WORDS[status] ?? "error",
    reason,
    message: REASONS[reason].message,
    status_code: status,
    aud: context.application?.aud ?? "",
    ray_id: context.rayId,
  };
  const headers = {
    ...accessHeaders(status, context),
    "content-type": "application/json",
    "cache-control": "no-store",
  };
  return { status, headers, body: `${JSON.stringify(body)}\n` };
}

const DEFAULT_RETRY_AFTER_SECONDS = 2;

function accessHeaders(status: number, context: RefusalContext): Record<string, string> {
  const { application, rayId, retryAfterMs, corsHeaders = [] } = context;
  const headers: Record<string, string> = { [HEADERS.ray]: rayId };
  if (application !== undefined) {
    headers[HEADERS.audience] = application.aud;
    headers[HEADERS.domain] = application.domain;
  }
  if (status === 401) headers["www-authenticate"] = "Cloudflare-Access";
  if (retryAfterMs !== undefined) headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
  else if (status === 503 || status === 429) headers["retry-after"] = String(DEFAULT_RETRY_AFTER_SECONDS);
  for (let index = 0; index < corsHeaders.length; index += 2) {
    headers[corsHeaders[index] ?? ""] = corsHeaders[index + 1] ?? "";
  }
  return headers;
}

/** Marked like any refusal, so that clients which meet the redirect know what they met. */
function redirectTo(location: string, context: RefusalContext, cookies: readonly string[] = []): Reply {
  const headers = { ...accessHeaders(401, context), location, "cache-control": "no-store" };
  return { status: 302, headers: { ...headers, ...(cookies.length > 0 && { "set-cookie": cookies }) }, body: "" };
}

function pageRefusal(reason: RefusalReason, status: number, context: RefusalContext): Reply {
  const { application, email, login, rayId } = context;
  const name = application?.name ?? "this address";
  const page = pageFor(reason, status);
  const who = email === undefined || status !== 403 ? [] : [`You are logged in as ${email}.`];
  const own = status === 403 ? application?.denyMessage : undefined;
  const paragraphs = [own ?? page.text.replace("{name}", name), ...who];
  const html = renderPage({
    title: page.title.replace("{name}", name),
    paragraphs,
    actions: actionsFor(status, email, login?.url),
    rayId,
  });
  const cookies = [...clearedCookies(reason, context), ...(login?.cookies ?? [])];
  const headers = { ...accessHeaders(status, context), ...PAGE_HEADERS };
  return { status, headers: cookies.length === 0 ? headers : { ...headers, "set-cookie": cookies }, body: html };
}

function actionsFor(status: number, email: string | undefined, loginUrl: string | undefined): readonly PageAction[] {
  if (loginUrl === undefined) return [];
  if (status === 403 && email !== undefined)
    return [{ label: "Use another account", href: `${loginUrl}&prompt=login` }];
  return status === 401 ? [{ label: "Log in again", href: loginUrl }] : [];
}

interface PageText {
  readonly title: string;
  readonly text: string;
}

function pageFor(reason: RefusalReason, status: number): PageText {
  if (reason === "ambiguous_credential" && status === 401) return TWO_PASSES;
  if (reason === "store_unavailable") return NO_STORE;
  if (reason === "too_many_open_requests") return TOO_BUSY;
  if (reason === "no_application") return NO_APPLICATION;
  return PAGES[status] ?? { title: "Something went wrong", text: REASONS[reason].message };
}

const TWO_PASSES: PageText = {
  title: "Please log in once more",
  text: "Your browser sent two passes for {name}, and nobody can tell which one is meant. Both were taken away.",
};

const NO_STORE: PageText = {
  title: "Nobody can be checked right now",
  text: "The gateway cannot look up who may come in. Nothing is wrong on your side: please try again in a moment.",
};

const NO_APPLICATION: PageText = {
  title: "Nothing is at this address",
  text: "No application is set up for it here. Check that it is written as you were given it: localhost and 127.0.0.1, say, are two.",
};

const TOO_BUSY: PageText = {
  title: "Too much at once",
  text: "Too many requests from your network wait for their answers. Nothing is wrong with this one: please try again in a moment.",
};

const PAGES: Readonly<Record<number, PageText>> = {
  400: {
    title: "This address cannot be read",
    text: "The link is damaged or was changed on its way. Go back and try it again from where you found it.",
  },
  401: { title: "Please log in", text: "Your login has ended. Log in, then send what you were sending once more." },
  403: {
    title: "You have no access to {name}",
    text: "No rule lets you in here. If you should have access, ask the person who looks after it, and give them the Ray ID below.",
  },
  429: {
    title: "Too many attempts",
    text: "What was sent was refused, and so was too much before it. Please wait a minute, then try again.",
  },
  431: {
    title: "Your browser sent too much",
    text: "Its cookies for this address, or the link itself, are too long. Delete the cookies for this site, then try again.",
  },
  502: { title: "{name} broke off", text: "The application did not finish its answer. Please try again in a moment." },
  503: {
    title: "{name} is not available",
    text: "The application behind this address cannot be reached right now. Please try again in a moment.",
  },
  504: {
    title: "{name} takes too long",
    text: "The application did not answer in time. Please try again in a moment.",
  },
};
