import { get, send } from "./client.ts";

export interface Keys {
  readonly days_until_next_rotation: number;
  readonly key_rotation_interval_days: number;
  readonly last_key_rotation_at: string;
  /** The newest first. */
  readonly keys: readonly PublishedKey[];
}

export interface PublishedKey {
  readonly kid: string;
  readonly signs_from: string;
  /** Null for the newest. */
  readonly expires_at: string | null;
}

export interface Organization {
  readonly name: string;
  readonly session_duration: string;
  readonly strict_service_token_auth: boolean;
  readonly auto_redirect_to_identity?: boolean;
  readonly [field: string]: unknown;
}

const KEYS = "/access/keys";
const ORGANIZATION = "/access/organizations";

export function readKeys(signal: AbortSignal): Promise<Keys> {
  return get(KEYS, {}, signal);
}

/** `isLeaked`: the keys before end at once, and all JWTs with them. */
export function rotateKeys(isLeaked: boolean): Promise<Keys> {
  return send("POST", `${KEYS}/rotate`, { end_previous_now: isLeaked });
}

export function saveRotationDays(days: number): Promise<Keys> {
  return send("PUT", KEYS, { key_rotation_interval_days: days });
}

export function readOrganization(signal: AbortSignal): Promise<Organization> {
  return get(ORGANIZATION, {}, signal);
}

/** Sets what it is given, and leaves the rest. */
export function changeOrganization(changes: Partial<Organization>): Promise<Organization> {
  return send("PATCH", ORGANIZATION, changes);
}
