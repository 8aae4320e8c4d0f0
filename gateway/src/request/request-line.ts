import { LogMembers, safeJson } from "@gatehouse/service";
import type { Visit, VisitRecord } from "./visit.ts";

/**
 * What the log says of a request that is over. The query stays out of it: it may carry what is nobody's business.
 *
 * Put together by hand: as an object that becomes JSON and is looked through it costs twice as much, with every request. Values of our own making, and those
 * of closed sets, go in as they are.
 */
export function requestLine({ request, response, rayId, trace, facts, record }: Visit, durationMs: number): LogMembers {
  const { host, path, application, credential, policy, decision, reason, detail, oldSecret, originMs } = record;
  return new LogMembers(
    `,"traceId":"${trace.traceId}","rayId":"${rayId}","ip":"${facts.ip}","method":"${request.method}"` +
      `,"status":${response.statusCode}${told("host", host)}${told("path", path)}` +
      `${told("application", application?.name)}${ours("credential", credential)}${subjectOf(record)}` +
      `${told("policy", policy)}${ours("decision", decision)}${ours("reason", reason)}${told("detail", detail)}` +
      `${ours("oldSecret", oldSecret?.use)}` +
      `${originMs === undefined ? "" : `,"originMs":${rounded(originMs)}`},"durationMs":${rounded(durationMs)}`,
  );
}

function ours(name: string, value: string | undefined): string {
  return value === undefined ? "" : `,"${name}":"${value}"`;
}

function told(name: string, value: string | undefined): string {
  return value === undefined ? "" : `,"${name}":${safeJson(value)}`;
}

function subjectOf({ subject }: VisitRecord): string {
  if (subject === undefined) return "";
  const member = subject.kind === "person" ? told("email", subject.email) : told("clientId", subject.clientId);
  return `,"subject":{"kind":"${subject.kind}"${member}}`;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
