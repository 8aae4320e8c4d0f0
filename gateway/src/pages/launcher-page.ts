import { HEADERS, PATHS } from "@gatehouse/access-client/contract";
import type { Organization } from "../policies/model.ts";
import type { Reply } from "../request/reply.ts";
import { escapeHtml } from "./escape-html.ts";
import { pictureOrigins, renderMark } from "./mark.ts";
import { PAGE_HEADERS, pageFooter, policyWithImages, renderDocument } from "./page.ts";

export interface LauncherTile {
  readonly name: string;
  readonly logoUrl: string | null;
  readonly href: string;
  /** Host and path, for people to read. */
  readonly where: string;
}

export interface LauncherPage {
  readonly organization: Organization;
  readonly name: string;
  readonly email: string;
  readonly tiles: readonly LauncherTile[];
  readonly rayId: string;
}

/** The applications that somebody may open. */
export function renderLauncher({ organization, name, email, tiles, rayId }: LauncherPage): Reply {
  const who = name === email ? email : `${name} · ${email}`;
  const list =
    tiles.length === 0
      ? "<p>No application lets you in at the moment. If one should, ask the person who looks after it.</p>"
      : `<ul class="tiles">${tiles.map(renderTile).join("")}</ul>`;
  const body = `<main class="wide"><header><h1>${escapeHtml(organization.name)}</h1>
<span class="who">${escapeHtml(who)}</span><nav><a class="plain" href="${PATHS.logout}">Log out</a></nav></header>
${list}${pageFooter(rayId)}</main>`;
  const pictures = policyWithImages(pictureOrigins(tiles.map(({ logoUrl }) => logoUrl)));
  const headers = { ...PAGE_HEADERS, ...pictures, [HEADERS.ray]: rayId };
  return { status: 200, headers, body: renderDocument(organization.name, body) };
}

function renderTile({ name, logoUrl, href, where }: LauncherTile): string {
  const about = `<span class="about"><b>${escapeHtml(name)}</b><span>${escapeHtml(where)}</span></span>`;
  return `<li><a href="${escapeHtml(href)}">${renderMark(name, logoUrl)}${about}</a></li>`;
}
