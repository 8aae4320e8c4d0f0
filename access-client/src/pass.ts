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

  /** For the token cache alone, which keeps JWTs beyond this process. */
  serialize(write: (jwt: string) => string): string {
    return write(this.#jwt);
  }

  isSame(other: AccessToken): boolean {
    return other.#jwt === this.#jwt;
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
  /** Tells this pair from every other, and says nothing about its secret. */
  readonly key: string;
  readonly #clientSecret: string;
  readonly #header: string | undefined;

  /** @param header the one header that takes both as JSON; default: the two of Access */
  constructor(clientId: string, clientSecret: string, header?: string) {
    this.clientId = clientId;
    this.#clientSecret = clientSecret;
    this.#header = header;
    this.key = createHash("sha256").update(`${clientId}\n${clientSecret}`).digest("base64url");
  }

  addTo(headers: PassHeaders): void {
    if (this.#header !== undefined) {
      const pair = { [HEADERS.clientId]: this.clientId, [HEADERS.clientSecret]: this.#clientSecret };
      for (const name in headers) if (name.toLowerCase() === this.#header) delete headers[name];
      headers[this.#header] = JSON.stringify(pair);
      return;
    }
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
