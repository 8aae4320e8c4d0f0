import { parseSecureUrl } from "@gatehouse/access-client/protocol";
import { InvalidArgumentError } from "commander";

/** A URL that a credential is sent to. @throws {InvalidArgumentError} */
export function parseUrl(text: string): URL {
  try {
    return parseSecureUrl(text, "The URL");
  } catch (error) {
    throw new InvalidArgumentError(error instanceof TypeError ? error.message : "It is not a URL.");
  }
}
