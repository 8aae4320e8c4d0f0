import { get, send } from "./client.ts";

export interface Keys {
  readonly days_until_next_rotation: number;
  readonly key_rotation_interval_days: number;
  readonly last_key_rotation_at: string;
  /** Of the key that signs now. */
  readonly kid?: string;
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

export function rotateKeys(): Promise<Keys> {
  return send("POST", `${KEYS}/rotate`);
}

export function saveRotationDays(days: number): Promise<Keys> {
  return send("PUT", KEYS, { key_rotation_interval_days: days });
}

export function readOrganization(signal: AbortSignal): Promise<Organization> {
  return get(ORGANIZATION, {}, signal);
}

export function saveOrganization(organization: Organization): Promise<Organization> {
  return send("PUT", ORGANIZATION, organization);
}
