import type { Trial } from "../api/tester.ts";

/** What the form holds and the address keeps, so that a link shows the same trial. */
export interface TrialInput {
  readonly url: string;
  readonly who: "token" | "person" | "nobody";
  readonly token: string;
  readonly email: string;
  readonly provider: string;
  /** JSON object, as it is typed. */
  readonly claims: string;
  readonly ip: string;
  readonly country: string;
}

export function inputFrom(query: URLSearchParams): TrialInput {
  const text = (name: string) => query.get(name) ?? "";
  const who = query.get("who");
  return {
    url: text("url"),
    who: who === "person" || who === "nobody" ? who : "token",
    token: text("token"),
    email: text("email"),
    provider: text("provider"),
    claims: text("claims"),
    ip: text("ip"),
    country: text("country"),
  };
}

/** As the API takes it. @throws {SyntaxError} when the claims are no JSON. */
export function trialOf({ url, who, token, email, provider, claims, ip, country }: TrialInput): Trial {
  const person = {
    email,
    ...(provider !== "" && { identity_provider_id: provider }),
    ...(claims.trim() !== "" && { claims: JSON.parse(claims) as Readonly<Record<string, unknown>> }),
  };
  return {
    url: url.trim(),
    ...(ip !== "" && { ip }),
    ...(country !== "" && { country }),
    ...(who === "token" && { subject: { service_token: token } }),
    ...(who === "person" && { subject: person }),
  };
}

/** Whether there is enough to try. */
export function isComplete({ url, who, token, email }: TrialInput): boolean {
  return url.trim() !== "" && (who === "nobody" || (who === "token" ? token !== "" : email !== ""));
}
