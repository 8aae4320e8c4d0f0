/** When a JWT was issued and when it ends, seconds since 1970. */
export interface JwtTimes {
  readonly iat: number;
  readonly exp: number;
}

/** Also what keeps a cookie's garbage out of a header. */
const JWT_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Reads the times of a JWT without verifying it: the client is not the one who must trust it, and only plans by them.
 * Gives nothing for anything that is not a JWT with both times in the right order.
 */
export function readJwtTimes(jwt: string): JwtTimes | undefined {
  const claims = JWT_SHAPE.test(jwt) ? readJwtClaims(jwt) : undefined;
  const { iat, exp } = claims ?? {};
  const isUsable = Number.isFinite(iat) && Number.isFinite(exp) && (exp as number) > (iat as number);
  return isUsable ? { iat: iat as number, exp: exp as number } : undefined;
}

/** The claims of a JWT, unverified, or nothing when it is not one. */
export function readJwtClaims(jwt: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = jwt.split(".");
  if (!payload || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
