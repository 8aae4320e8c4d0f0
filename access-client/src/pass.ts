import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { HEADERS } from "./contract.ts";

/** Headers under construction. */
export type PassHeaders = Record<string, unknown>;

/** What opens the gate for one request: a JWT, or the pair itself. Its secret cannot be printed, only put into headers. */
export interface Pass {
  readonly kind: "token" | "pair";
  /** Sets the headers that the pass consists of. */
  addTo(headers: PassHeaders): void;
}

/** An application JWT. */
export class AccessToken implements Pass {
  readonly kind = "token";
  readonly #jwt: string;

  constructor(jwt: string) {
    this.#jwt = jwt;
  }

  addTo(headers: PassHeaders): void {
    headers[HEADERS.token] = this.#jwt;
  }

  toJSON(): string {
    return "[access token]";
  }

  [inspect.custom](): string {
    return this.toJSON();
  }
}

/** A service token's client id and secret. */
export class ServicePair implements Pass {
  readonly kind = "pair";
  readonly clientId: string;
  /** Tells one secret from another, and says nothing about it. */
  readonly secretDigest: string;
  readonly #clientSecret: string;

  constructor(clientId: string, clientSecret: string) {
    this.clientId = clientId;
    this.#clientSecret = clientSecret;
    this.secretDigest = createHash("sha256").update(clientSecret).digest("base64url");
  }

  addTo(headers: PassHeaders): void {
    headers[HEADERS.clientId] = this.clientId;
    headers[HEADERS.clientSecret] = this.#clientSecret;
  }

  toJSON(): { clientId: string; clientSecret: string } {
    return { clientId: this.clientId, clientSecret: "[client secret]" };
  }

  [inspect.custom](): string {
    return `ServicePair ${inspect(this.toJSON())}`;
  }
}
