import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { keptField, nameField, sessionDurationField, unsupportedField, withoutNulls } from "./fields.ts";
import type { Organization } from "./model.ts";

const alwaysOn = z.literal(true, {
  error:
    "is always true here: a request that no application covers is refused. Cover it with a bypass policy to let it through",
});

/** Settings of the whole gateway, with Cloudflare's field names. */
export const organizationDocumentSchema = z.preprocess(
  withoutNulls,
  z.strictObject({
    name: nameField.default("Gatehouse"),
    session_duration: sessionDurationField.default("24h"),
    strict_service_token_auth: z.boolean().default(false),
    /** Cloudflare's default is false; a gateway with one identity provider has nothing to choose on its login page. */
    auto_redirect_to_identity: z.boolean().default(true),
    deny_unmatched_requests: alwaysOn.default(true),
    deny_unmatched_requests_exempted_zone_names: z
      .array(z.string())
      .max(0, "must be empty: a request that no application covers is always refused")
      .optional(),
    is_ui_read_only: keptField,
    ui_read_only_toggle_reason: keptField,
    user_seat_expiration_inactive_time: keptField,
    login_design: keptField,
    custom_pages: keptField,
    warp_auth_session_duration: keptField,
    warp_auth_non_browser_401: keptField,
    allow_authenticate_via_warp: unsupportedField("WARP"),
    service_token_inactivity: z
      .strictObject({
        enabled: z.boolean(),
        action: z.enum(["disable", "delete"]),
        inactivity_threshold_days: z.int().min(30).max(365),
      })
      .optional(),
    mfa_config: unsupportedField("asking for a second factor; require auth_method in the policies instead"),
    mfa_piv_key_requirements: unsupportedField("asking for a second factor"),
    mfa_required_for_all_apps: unsupportedField(
      "asking for a second factor; require auth_method in the policies instead",
    ),
    trusted_accounts: unsupportedField("other accounts"),
  }),
);

export type OrganizationDocument = z.output<typeof organizationDocumentSchema>;

export const DEFAULT_ORGANIZATION: OrganizationDocument = organizationDocumentSchema.parse({});

export function compileOrganization(document: OrganizationDocument): Organization {
  return {
    name: document.name,
    sessionDurationMs: parseDuration(document.session_duration),
    isStrict: document.strict_service_token_auth,
    tokenInactivity: inactivityOf(document),
    isAutoRedirected: document.auto_redirect_to_identity,
  };
}

const DAY_MS = 24 * 3_600_000;

function inactivityOf({ service_token_inactivity: given }: OrganizationDocument): Organization["tokenInactivity"] {
  if (given?.enabled !== true) return null;
  return { action: given.action, thresholdMs: given.inactivity_threshold_days * DAY_MS };
}
