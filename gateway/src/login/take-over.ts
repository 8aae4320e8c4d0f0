import { authorize } from "../request/authorize.ts";
import type { AccessReply, AccessRequest } from "./access-reply.ts";
import { single } from "./access-reply.ts";
import { denied, enterHere } from "./enter.ts";
import type { LoginFlowDeps } from "./login-flow-deps.ts";
import { loginProblem } from "./login-problem.ts";
import { subjectOf } from "./sessions.ts";

/** `/authorized?ticket`: an application's own host takes over from the issuer's. The policies are asked once more, here. */
export async function takeOver(request: AccessRequest, deps: LoginFlowDeps): Promise<AccessReply> {
  const { query, target, cookieHeaders, facts, rayId } = request;
  const ticket = await deps.handOver.redeem(single(query, "ticket") ?? "", cookieHeaders, target.host);
  const session = ticket === undefined ? undefined : await deps.sessions.find(ticket.sessionId);
  const application = ticket === undefined ? undefined : deps.configuration.current().byAud(ticket.goal.aud);
  if (ticket === undefined || session === undefined || application === undefined) {
    deps.recorder.failed("ticket_unknown", application, { ip: facts.ip, rayId });
    return loginProblem("expired", rayId, "/");
  }
  const { goal } = ticket;
  const person = subjectOf(session);
  const decision = authorize(application, person, request.facts);
  if (decision.outcome === "refused") {
    return denied({ application, decision, person, goal, cookies: [] }, request, deps);
  }
  const entered = await enterHere({ session, application, decision, goal, cookies: [] }, request, deps);
  return { ...entered, event: "handed_over" };
}
