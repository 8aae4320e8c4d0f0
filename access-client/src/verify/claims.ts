import type { PersonTokenClaims, ServiceTokenClaims } from "../contract.ts";
import { AccessVerifyError } from "./errors.ts";

/** A bot: a service token, known by its client id. */
export interface ServiceSubject {
  readonly kind: "service";
  /** `<32 hex>.access` */
  readonly clientId: string;
  readonly claims: ServiceTokenClaims;
}

/** A person who logged in. */
export interface PersonSubject {
  readonly kind: "person";
  readonly email: string;
  /** The person's id at the gateway, a UUID. */
  readonly userId: string;
  /** From the claim `custom.name` (or `name`), where the identity provider gives one. */
  readonly name?: string;
  readonly claims: PersonTokenClaims;
}

/** Who makes a request. Bots have an empty `sub`: telling subjects apart by `sub` would make all bots one. */
export type Subject = ServiceSubject | PersonSubject;

/**
 * Tells bots from people in claims whose signature, issuer, audience and times were checked before.
 *
 * @throws {AccessVerifyError} `ERR_ASSERTION_CLAIMS`
 */
export function readSubject(claims: Readonly<Record<string, unknown>>): Subject {
  if (claims.type !== "app") throw badClaims('claim "type" must be "app"');
  const { sub, common_name: clientId, email } = claims;
  const isService = sub === "" && isText(clientId) && email === undefined;
  if (isService) return { kind: "service", clientId, claims: claims as unknown as ServiceTokenClaims };
  const isPerson = isText(sub) && isText(email) && clientId === undefined;
  if (!isPerson) throw badClaims('it must have an empty "sub" and a "common_name", or a "sub" and an "email"');
  const name = readName(claims);
  const person = { kind: "person", email, userId: sub, claims: claims as unknown as PersonTokenClaims } as const;
  return name === undefined ? person : { ...person, name };
}

function readName({ name, custom }: Readonly<Record<string, unknown>>): string | undefined {
  const customName = typeof custom === "object" && custom !== null && "name" in custom ? custom.name : undefined;
  return [customName, name].find(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function badClaims(problem: string): AccessVerifyError {
  return new AccessVerifyError("ERR_ASSERTION_CLAIMS", `The JWT is not an application token: ${problem}.`);
}
