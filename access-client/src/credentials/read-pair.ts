import { AccessError } from "../errors.ts";
import { ServicePair } from "../pass.ts";
import { AccessRequestError } from "../request-error.ts";
import type { CredentialSource } from "./source.ts";

/** Visible ASCII: anything else cannot stand in a header, and is a slip of the copying hand. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/**
 * Reads a source and checks what it gave.
 *
 * @throws {AccessRequestError} `ERR_ACCESS_CREDENTIALS_MISSING`, `ERR_ACCESS_CREDENTIALS_UNREADABLE`
 */
export async function readPair(source: CredentialSource, header?: string): Promise<ServicePair> {
  const { clientId, clientSecret } = (await readSource(source)) ?? {};
  return new ServicePair(check(clientId, "client id", source), check(clientSecret, "client secret", source), header);
}

async function readSource(source: CredentialSource) {
  try {
    return await source.read();
  } catch (cause) {
    if (cause instanceof AccessError) throw cause;
    const message = `The credentials cannot be read from the ${source.name}.`;
    throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_UNREADABLE", message, { cause });
  }
}

function check(value: unknown, what: string, source: CredentialSource): string {
  if (typeof value !== "string" || value === "") {
    throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_MISSING", `The ${source.name} has no ${what}.`);
  }
  if (!HEADER_SAFE.test(value)) {
    const message = `The ${what} from the ${source.name} contains a space, a line break or a character outside ASCII.`;
    throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_UNREADABLE", message);
  }
  return value;
}
