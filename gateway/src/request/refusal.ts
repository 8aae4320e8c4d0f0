import { HEADERS, type RefusalBody, type RefusalReason } from "@gatehouse/access-client/contract";
import type { LoginLink } from "../login/login-link.ts";
import { PAGE_HEADERS, type PageAction, renderPage } from "../pages/page.ts";
import type { Application } from "../policies/model.ts";
import { ERROR_WORDS, REASONS } from "./reasons.ts";
import type { Requester } from "./requester.ts";

/** A whole answer of the gateway's own. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

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
}

/** Turns a reason into the answer: JSON for a program; for a person the login, or a page. */
export function refuse(reason: RefusalReason, context: RefusalContext): Reply {
  const status = statusOf(reason, context);
  if (context.requester === "program") return jsonRefusal(reason, status, context);
  const { login, isSafeMethod } = context;
  const mayRedirect = status === 401 && isSafeMethod && reason !== "ambiguous_credential";
  if (mayRedirect && login !== undefined) return toLogin(login, context);
  return pageRefusal(reason, status, context);
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

function accessHeaders(status: number, { application, rayId }: RefusalContext): Record<string, string> {
  return {
    [HEADERS.ray]: rayId,
    ...(application && { [HEADERS.audience]: application.aud, [HEADERS.domain]: application.domain }),
    ...(status === 401 && { "www-authenticate": "Cloudflare-Access" }),
    ...(status === 503 && { "retry-after": "2" }),
  };
}

function toLogin({ url, cookie }: LoginLink, context: RefusalContext): Reply {
  const cookies = cookie === undefined ? {} : { "set-cookie": cookie };
  const headers = { ...accessHeaders(401, context), ...cookies, location: url, "cache-control": "no-store" };
  return { status: 302, headers, body: "" };
}

function pageRefusal(reason: RefusalReason, status: number, context: RefusalContext): Reply {
  const { application, email, login, rayId } = context;
  const name = application?.name ?? "this address";
  const page = PAGES[status] ?? { title: "Something went wrong", text: REASONS[reason].message };
  const who = email === undefined || status !== 403 ? [] : [`You are logged in as ${email}.`];
  const paragraphs = [page.text.replace("{name}", name), ...who];
  const html = renderPage({
    title: page.title.replace("{name}", name),
    paragraphs,
    actions: actionsFor(status, email, login?.url),
    rayId,
  });
  return { status, headers: { ...accessHeaders(status, context), ...PAGE_HEADERS }, body: html };
}

function actionsFor(status: number, email: string | undefined, loginUrl: string | undefined): readonly PageAction[] {
  if (loginUrl === undefined) return [];
  if (status === 403 && email !== undefined)
    return [{ label: "Use another account", href: `${loginUrl}&prompt=login` }];
  return status === 401 ? [{ label: "Log in again", href: loginUrl }] : [];
}

const PAGES: Readonly<Record<number, { readonly title: string; readonly text: string }>> = {
  400: {
    title: "This address cannot be read",
    text: "The link is damaged or was changed on its way. Go back and try it again from where you found it.",
  },
  401: { title: "Please log in", text: "Your login has ended. Log in, then send what you were sending once more." },
  403: {
    title: "You have no access to {name}",
    text: "No rule lets you in here. If you should have access, ask the person who looks after it, and give them the Ray ID below.",
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
