import type { VNode } from "preact";
import { Applications } from "./applications/applications.ts";
import { Audit } from "./audit/audit.ts";
import { Groups } from "./groups/groups.ts";
import { IdentityProviders } from "./identity-providers/identity-providers.ts";
import { People } from "./people/people.ts";
import { ReusablePolicies } from "./policies/reusable-policies.ts";
import type { Place } from "./router.ts";
import { Settings } from "./settings/settings.ts";
import type { SignName } from "./signs.ts";
import { Tester } from "./tester/tester.ts";
import { ServiceTokens } from "./tokens/service-tokens.ts";

export interface Section {
  /** First part of its addresses. */
  readonly path: string;
  readonly title: string;
  readonly sign: SignName;
  readonly view: (props: { readonly place: Place }) => VNode;
}

export const SECTIONS: readonly Section[] = [
  { path: "service-tokens", title: "Service tokens", sign: "key", view: ServiceTokens },
  { path: "applications", title: "Applications", sign: "window", view: Applications },
  { path: "policies", title: "Reusable policies", sign: "list", view: ReusablePolicies },
  { path: "groups", title: "Groups", sign: "group", view: Groups },
  { path: "identity-providers", title: "Identity providers", sign: "door", view: IdentityProviders },
  { path: "tester", title: "Policy tester", sign: "flask", view: Tester },
  { path: "people", title: "People and sessions", sign: "person", view: People },
  { path: "audit", title: "Audit log", sign: "log", view: Audit },
  { path: "settings", title: "Keys and settings", sign: "gear", view: Settings },
];
