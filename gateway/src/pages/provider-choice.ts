import type { AccessReply } from "../login/access-reply.ts";
import type { Application, IdentityProviderModel, Organization } from "../policies/model.ts";
import { escapeHtml } from "./escape-html.ts";
import { renderMark } from "./mark.ts";
import { pageReply } from "./page.ts";

export interface ProviderChoice {
  /** Undefined for the launcher. */
  readonly application: Application | undefined;
  readonly organization: Organization;
  readonly providers: readonly IdentityProviderModel[];
  /** Of the login; each choice adds `idp`. */
  readonly url: string;
  readonly rayId: string;
}

/** The login page: which identity provider shall vouch? */
export function renderProviderChoice(choice: ProviderChoice): AccessReply {
  const { application, organization, providers, url, rayId } = choice;
  const content = `<ul>${providers.map((provider) => renderProvider(provider, url)).join("")}</ul>`;
  const title = `Log in to ${application?.name ?? organization.name}`;
  const reply = pageReply(200, { title, paragraphs: ["Choose how you want to log in."], content, rayId });
  return { reply, event: "login_choice" };
}

function renderProvider({ id, name, issuer }: IdentityProviderModel, url: string): string {
  const href = `${url}&idp=${encodeURIComponent(id)}`;
  const about = `<span class="about"><b>${escapeHtml(name)}</b><span>${escapeHtml(new URL(issuer).host)}</span></span>`;
  return `<li><a href="${escapeHtml(href)}">${renderMark(name, null)}${about}</a></li>`;
}
