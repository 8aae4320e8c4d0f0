import { z } from "zod";
import { corsSchema } from "./cors-document.ts";
import { destinationKey, destinationText, parseDestination } from "./destination.ts";
import {
  keptField,
  nameField,
  sessionDurationField,
  unsupportedField,
  webAddressField,
  withoutNulls,
} from "./fields.ts";
import { tokenHeaderField } from "./token-header.ts";

const uri = z.string().superRefine((text, context) => {
  const parsed = parseDestination(text);
  if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.problem });
});

const destination = z.strictObject({
  type: z
    .literal("public", {
      error: ({ input }) => `must be public: ${String(input)} destinations are not supported by this gateway`,
    })
    .default("public"),
  uri,
  overrides: unsupportedField("overrides of a destination; make an application of its own for the path"),
});

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  const isBare =
    url !== undefined && url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
  if (isHttp && isBare) return url.origin;
  const message = "must be http:// or https:// with a host and no path: paths are forwarded as they come";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** The fields of an application, Cloudflare's and our `origin`; for the policy file to add its own. */
export const APPLICATION_FIELDS = {
  name: nameField,
  type: z
    .literal("self_hosted", {
      error: ({ input }) => `must be self_hosted: applications of type ${String(input)} are not supported`,
    })
    .default("self_hosted"),
  domain: uri.optional(),
  destinations: z.array(destination).min(1, "needs at least one destination").optional(),
  self_hosted_domains: z.array(uri).min(1, "needs at least one domain").optional(),
  origin: origin.optional(),
  session_duration: sessionDurationField.default("24h"),
  allowed_idps: z.array(z.string().min(1)).default([]),
  auto_redirect_to_identity: z.boolean().default(false),
  app_launcher_visible: z.boolean().default(true),
  logo_url: webAddressField.optional(),
  service_auth_401_redirect: z.boolean().default(false),
  read_service_tokens_from_header: tokenHeaderField.optional(),
  cors_headers: corsSchema.optional(),
  options_preflight_bypass: z.boolean().default(false),
  http_only_cookie_attribute: z.boolean().default(true),
  same_site_cookie_attribute: z
    .enum(["none", "lax", "strict"], { error: "must be none, lax or strict" })
    .default("lax"),
  path_cookie_attribute: z.boolean().default(false),
  enable_binding_cookie: z.boolean().default(false),
  custom_deny_message: z.string().max(1_000, "is too long").optional(),
  custom_deny_url: webAddressField.optional(),
  custom_non_identity_deny_url: webAddressField.optional(),
  tags: z.array(z.string()).default([]),
  custom_pages: keptField,
  skip_interstitial: keptField,
  allow_iframe: keptField,
  eager_redirect_cookie_setting: keptField,
  allow_authenticate_via_warp: unsupportedField("WARP"),
  use_clientless_isolation_app_launcher_url: unsupportedField("browser isolation"),
  mfa_config: unsupportedField("asking for a second factor; require auth_method in a policy instead"),
  oauth_configuration: unsupportedField("managed OAuth"),
  scim_config: unsupportedField("provisioning by SCIM"),
} as const;

const fields = z.strictObject(APPLICATION_FIELDS);
type ApplicationFields = z.output<typeof fields>;

/** An application as it is kept: `destinations` says where it is served, `domain` is the first of them or one of them. */
export type ApplicationDocument = Omit<ApplicationFields, "domain" | "destinations" | "self_hosted_domains"> & {
  readonly domain: string;
  readonly destinations: readonly { readonly type: "public"; readonly uri: string }[];
};

/** An application with Cloudflare's field names: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export const applicationDocumentSchema = z.preprocess(withoutNulls, fields.transform(toDocument));

/** Brings the three ways to say where an application is served into one, and checks what concerns several fields. */
export function toDocument(
  { domain, destinations, self_hosted_domains, ...rest }: ApplicationFields,
  context: z.core.$RefinementCtx<unknown>,
): ApplicationDocument {
  const given = destinations?.map((one) => one.uri) ?? self_hosted_domains ?? (domain === undefined ? [] : [domain]);
  const uris = given.map(normalText);
  const problem = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (uris.length === 0)
    problem("domain", "is required: a host, with a port or a path if needed: stats.example.com/reports");
  if (new Set(uris.map(keyOf)).size < uris.length) problem("destinations", "has the same destination twice");
  const primary = domain === undefined ? uris[0] : normalText(domain);
  if (primary !== undefined && uris.length > 0 && !uris.includes(primary)) {
    problem("domain", "must be one of the destinations: change it with them, or leave it out");
  }
  if (rest.options_preflight_bypass && rest.cors_headers !== undefined) {
    problem(
      "options_preflight_bypass",
      "cannot be on together with cors_headers: either the origin answers preflights or the gateway does",
    );
  }
  return { ...rest, domain: primary ?? "", destinations: uris.map((one) => ({ type: "public", uri: one })) };
}

function normalText(text: string): string {
  const parsed = parseDestination(text);
  return parsed.ok ? destinationText(parsed.destination) : text;
}

function keyOf(text: string): string {
  const parsed = parseDestination(text);
  return parsed.ok ? destinationKey(parsed.destination) : text;
}
