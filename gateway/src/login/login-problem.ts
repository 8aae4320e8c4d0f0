import type { GatewayErrorCode } from "../errors.ts";
import { PAGE_HEADERS, renderPage } from "../pages/page.ts";
import type { AccessReply } from "./access-reply.ts";

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
    text: "This gateway has no identity provider set up: only service tokens are let in.",
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
  const actions = retryUrl === undefined ? [] : [{ label: "Try again", href: retryUrl }];
  const body = renderPage({ title, paragraphs: [text], actions, rayId });
  return { reply: { status, headers: { ...PAGE_HEADERS, "cf-ray": rayId }, body }, event: `login_failed: ${problem}` };
}
