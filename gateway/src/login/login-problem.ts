import { GatewayError, type GatewayErrorCode } from "../errors.ts";
import { type PageAction, pageReply } from "../pages/page.ts";
import type { Application } from "../policies/model.ts";
import type { AccessReply, AccessRequest } from "./access-reply.ts";
import type { LoginRecorder } from "./login-recorder.ts";

type LoginProblem = GatewayErrorCode | "expired" | "unknown_application" | "no_identity_provider";

interface ProblemText {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const EXPIRED: ProblemText = {
  status: 400,
  title: "This login is no longer good",
  text: "It was begun in another browser, too long ago, or it was used already. Please start again.",
};
const FAILED: ProblemText = {
  status: 502,
  title: "The login did not work",
  text: "The identity provider's answer could not be used. Try again; if it stays so, give the Ray ID below to whoever runs this gateway.",
};

const PROBLEMS: Readonly<Partial<Record<LoginProblem, ProblemText>>> = {
  expired: EXPIRED,
  unknown_application: {
    status: 400,
    title: "Nothing to log in to",
    text: "This login link does not belong to an application behind this gateway. Open the application itself.",
  },
  no_identity_provider: {
    status: 403,
    title: "There is no login here",
    text: "No identity provider is set up for this: only service tokens are let in.",
  },
  ERR_LOGIN_REFUSED: {
    status: 403,
    title: "You were not logged in",
    text: "The identity provider refused the login, or it was cancelled.",
  },
  ERR_LOGIN_NO_EMAIL: {
    status: 403,
    title: "Your account has no verified e-mail address",
    text: "The rules here go by e-mail address. Ask whoever looks after your account to add and verify one.",
  },
  ERR_IDENTITY_PROVIDER_UNREACHABLE: {
    status: 502,
    title: "The identity provider does not answer",
    text: "Logging in needs it. Please try again in a moment.",
  },
};

/** The page for a login that went wrong. `retryUrl` starts over. */
export function loginProblem(problem: LoginProblem, rayId: string, retryUrl?: string): AccessReply {
  const { status, title, text } = PROBLEMS[problem] ?? FAILED;
  const actions = retryUrl === undefined ? [] : [retry(problem, retryUrl)];
  return {
    reply: pageReply(status, { title, paragraphs: [text], actions, rayId }),
    event: `login_failed: ${problem}`,
  };
}

/** The same account would come back with the same problem: the provider is told to ask who it is. */
function retry(problem: LoginProblem, retryUrl: string): PageAction {
  return problem === "ERR_LOGIN_NO_EMAIL"
    ? { label: "Use another account", href: `${retryUrl}&prompt=login` }
    : { label: "Try again", href: retryUrl };
}

interface FailedLogin {
  readonly request: AccessRequest;
  readonly application: Application | undefined;
  readonly retryUrl: string;
}

/** The page for what an identity provider did wrong. @throws What is not the world's mistake. */
export function failedLogin(
  error: unknown,
  { request: { facts, rayId }, application, retryUrl }: FailedLogin,
  { recorder }: { readonly recorder: LoginRecorder },
): AccessReply {
  if (!(error instanceof GatewayError)) throw error;
  const problem = loginProblem(error.code, rayId, retryUrl);
  // The operator needs to know which check failed; the code says so without the values.
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  const event = typeof code === "string" ? `${problem.event} (${code})` : problem.event;
  recorder.failed(event, application, { ip: facts.ip, rayId });
  return { ...problem, event };
}

/** For somebody who logged in to see their applications, and has none. */
export function nothingToOpen(email: string, rayId: string, cookies: readonly string[]): AccessReply {
  const page = {
    title: "There is nothing here for you",
    paragraphs: [
      `You are logged in as ${email}, and no application behind this gateway lets you in.`,
      "If you should have access to one, ask the person who looks after it, and give them the Ray ID below.",
    ],
    actions: [{ label: "Use another account", href: "/cdn-cgi/access/login?prompt=login" }],
    rayId,
  };
  return { reply: pageReply(403, page, { "set-cookie": cookies }), event: "login_denied" };
}
