import type { AuditEventName } from "../audit/event-names.ts";
import { GatewayError } from "../errors.ts";
import type { ServiceTokenRow } from "../store/schema.ts";
import { expiryOf } from "./expiry.ts";
import type { ServiceToken, ServiceTokenSecret, UpdateServiceToken } from "./service-token.ts";

/** What an update comes to. */
export interface UpdatePlan {
  /** Columns of the token that change. */
  readonly columns: Partial<Pick<ServiceTokenRow, "name" | "duration" | "expires_at" | "is_enabled">>;
  /** A new secret, with this number; the one before ends then. */
  readonly rotation?: { readonly version: number; readonly previousEndsAt: string; readonly discardsCurrent: boolean };
  /** Another end for the previous secret that is there already. */
  readonly previousEndsAt?: string;
  /** For the audit log. */
  readonly events: readonly { readonly event: AuditEventName; readonly detail?: Readonly<Record<string, unknown>> }[];
}

const MAX_NAME_LENGTH = 100;

/** @throws {GatewayError} `ERR_TOKEN_INVALID`, `ERR_DURATION_INVALID` */
export function planUpdate(token: ServiceToken, update: UpdateServiceToken, nowMs: number): UpdatePlan {
  const columns = {
    ...(update.name !== undefined && { name: tokenName(update.name) }),
    ...(update.duration !== undefined && {
      duration: update.duration,
      expires_at: expiryOf(update.duration, nowMs),
    }),
    ...(update.isEnabled !== undefined && { is_enabled: update.isEnabled ? 1 : 0 }),
  };
  const secret = planSecret(token, update, nowMs);
  return { columns, ...secret, events: eventsOf(token, columns, secret) };
}

/** A token's name as it is kept. @throws {GatewayError} `ERR_TOKEN_INVALID` */
export function tokenName(text: string): string {
  const name = text.trim();
  if (name !== "" && name.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(name)) return name;
  const message = `A token's name has 1 to ${MAX_NAME_LENGTH} characters, none of them a control character.`;
  throw new GatewayError("ERR_TOKEN_INVALID", message);
}

function previousEnd(text: string): string {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  const message = "previousSecretExpiresAt must be an instant such as 2026-12-01T00:00:00Z.";
  throw new GatewayError("ERR_TOKEN_INVALID", message);
}

function planSecret(
  { secrets: [current, previous] }: ServiceToken,
  { secretVersion, previousSecretExpiresAt, discardsCurrentSecret = false, isRepeated = false }: UpdateServiceToken,
  nowMs: number,
): Pick<UpdatePlan, "rotation" | "previousEndsAt"> {
  const asked = previousSecretExpiresAt === undefined ? undefined : previousEnd(previousSecretExpiresAt);
  if (secretVersion !== undefined && secretVersion < current.version) {
    const message = `The secret's version is ${current.version} and can only grow; ${secretVersion} is below it.`;
    throw new GatewayError("ERR_TOKEN_INVALID", message);
  }
  if (secretVersion !== undefined && secretVersion > current.version) {
    const previousEndsAt = asked ?? new Date(nowMs).toISOString();
    const isLost = isRepeated && isLikelyLost(current, nowMs, REPEATED_WITHIN_MS);
    return { rotation: { version: secretVersion, previousEndsAt, discardsCurrent: discardsCurrentSecret || isLost } };
  }
  const mayBeLost = isRepeated && secretVersion === current.version && isLikelyLost(current, nowMs, JUST_NOW_MS);
  if (mayBeLost && previous?.expiresAt != null) {
    const previousEndsAt = asked ?? previous.expiresAt;
    return { rotation: { version: secretVersion, previousEndsAt, discardsCurrent: true } };
  }
  const isChange = asked !== undefined && previous !== undefined && asked !== previous.expiresAt;
  return isChange ? { previousEndsAt: asked } : {};
}

/** Clients repeat a call within a minute or two. */
const REPEATED_WITHIN_MS = 10 * 60_000;
/** A rotation by number, as Terraform's, asks for the same number again; so does any other update, for which a new secret must stay. */
const JUST_NOW_MS = 2 * 60_000;

function isLikelyLost({ createdAt, lastSeenAt }: ServiceTokenSecret, nowMs: number, withinMs: number): boolean {
  return lastSeenAt === null && nowMs - Date.parse(createdAt) < withinMs;
}

function eventsOf(
  token: ServiceToken,
  columns: UpdatePlan["columns"],
  { rotation, previousEndsAt }: Pick<UpdatePlan, "rotation" | "previousEndsAt">,
): UpdatePlan["events"] {
  const { is_enabled: enabled, ...rest } = columns;
  const detail = {
    ...rest,
    ...(previousEndsAt !== undefined && { previous_client_secret_expires_at: previousEndsAt }),
  };
  const isToggled = enabled !== undefined && (enabled === 1) !== token.isEnabled;
  return [
    ...(rotation === undefined ? [] : [{ event: "service_token.rotated", detail: rotationDetail(rotation) } as const]),
    ...(isToggled ? [{ event: enabled === 1 ? "service_token.enabled" : "service_token.disabled" } as const] : []),
    ...(Object.keys(detail).length > 0 ? [{ event: "service_token.updated", detail } as const] : []),
  ];
}

function rotationDetail({ version, previousEndsAt, discardsCurrent }: NonNullable<UpdatePlan["rotation"]>) {
  const discarded = discardsCurrent ? { discard_current_client_secret: true } : {};
  return { client_secret_version: version, previous_client_secret_expires_at: previousEndsAt, ...discarded };
}
