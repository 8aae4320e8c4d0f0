import { pageReply } from "../pages/page.ts";
import type { Application } from "../policies/model.ts";
import type { Decision, Subject } from "../request/authorize.ts";
import { refuse } from "../request/refusal.ts";
import { type AccessReply, type AccessRequest, redirect } from "./access-reply.ts";
import { AUTHORIZED_PATH, type HandOver } from "./hand-over.ts";
import { addressOn, type LoginGoal, loginUrl, returnAddress } from "./login-goal.ts";
import type { LoginRecorder } from "./login-recorder.ts";
import type { MakePersonPass } from "./person-pass.ts";
import type { Session } from "./sessions.ts";

export interface EnterDeps {
  readonly handOver: HandOver;
  readonly makePass: MakePersonPass;
  readonly recorder: LoginRecorder;
  readonly issuer: string;
  readonly issuerHost: string;
  readonly isSecure: boolean;
}

type Person = Extract<Subject, { kind: "person" }>;
type Refused = Extract<Decision, { outcome: "refused" }>;
type Admitted = Exclude<Decision, Refused>;

/** A person whom the policies let in, on the way to where they were going. */
export interface Entry {
  readonly session: Session;
  readonly application: Application;
  readonly decision: Admitted;
  readonly goal: LoginGoal;
  /** To be set besides. */
  readonly cookies: readonly string[];
}

/**
 * From the issuer's host into an application: with its cookies, or with a ticket for the application's own host, which alone can
 * set them there.
 */
export async function enter(entry: Entry, request: AccessRequest, deps: EnterDeps): Promise<AccessReply> {
  const { session, goal, cookies } = entry;
  if (goal.host === deps.issuerHost) return enterHere(entry, request, deps);
  const ticket = deps.handOver.seal({ sessionId: session.id, goal });
  const location = addressOn(goal.host, `${AUTHORIZED_PATH}?ticket=${ticket}`, deps.isSecure);
  return { reply: redirect(location, request.rayId, cookies), event: "login" };
}

/** On the application's host. A JWT is a pass to the origin too, so it is made only for those whom a policy lets in as a person. */
export async function enterHere(entry: Entry, { facts, rayId }: AccessRequest, deps: EnterDeps): Promise<AccessReply> {
  const { session, application, decision, goal, cookies } = entry;
  const { policy, outcome } = decision;
  const place = { application, host: goal.host, isSecure: deps.isSecure };
  const pass = outcome === "allowed" ? await deps.makePass(session, { ...place, policy, facts }) : [];
  const address = returnAddress(goal, deps.isSecure);
  const all = [...pass, ...cookies];
  if (application.cookie.sameSite !== "strict") return { reply: redirect(address, rayId, all), event: "login" };
  return { reply: continuePage(address, application, rayId, all), event: "login" };
}

/**
 * A browser that came here by redirects from the identity provider would not send a `Strict` cookie with the next one: a page of our
 * own in between begins anew.
 */
function continuePage(address: string, { name }: Application, rayId: string, cookies: readonly string[]) {
  const page = {
    title: "You are logged in",
    paragraphs: [`${name} opens in a moment.`],
    actions: [{ label: "Continue", href: address }],
    continueTo: address,
    rayId,
  };
  return pageReply(200, page, { "set-cookie": cookies });
}

/** The page for somebody who is known, and whom the policies do not let in. */
export function denied(
  {
    application,
    decision,
    person,
    goal,
    cookies,
  }: Omit<Entry, "session" | "decision"> & {
    readonly decision: Refused;
    readonly person: Person;
  },
  { facts, rayId }: AccessRequest,
  { issuer, recorder }: EnterDeps,
): AccessReply {
  recorder.refused(person.email, decision.reason, application, { ip: facts.ip, rayId });
  const reply = refuse(decision.reason, {
    requester: "person",
    rayId,
    application,
    login: { url: loginUrl(issuer, application, goal), cookies: [] },
    email: person.email,
    isSafeMethod: true,
  });
  return { reply: { ...reply, headers: { ...reply.headers, "set-cookie": cookies } }, event: "login_denied" };
}
