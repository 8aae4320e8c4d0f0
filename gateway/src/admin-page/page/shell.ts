import type { VNode } from "preact";
import { useEffect, useErrorBoundary, useRef, useState } from "preact/hooks";
import { html } from "./html.ts";
import { useSearchKey } from "./kit/search-field.ts";
import { Link, type Place, usePlace } from "./router.ts";
import { SECTIONS, type Section } from "./sections.ts";
import { type Session, signOut } from "./session.ts";
import { GateSign, Sign } from "./signs.ts";

/** The frame around every section: the way to all of them, and who is signed in. */
export function Shell({ session, onSignedOut }: { session: Session; onSignedOut: () => void }): VNode {
  const place = usePlace();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const section = SECTIONS.find(({ path }) => path === place.section);
  useSearchKey();
  useEffect(() => setMenuOpen(false), [place]);
  useMenuKeys(isMenuOpen, () => setMenuOpen(false));
  useTitle(section, place);
  const leave = async () => {
    await signOut();
    onSignedOut();
  };
  return html`<div class="frame">
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <button type="button" class="icon-button menu-button" aria-expanded=${isMenuOpen} aria-controls="side" aria-label="Menu" onClick=${() => setMenuOpen(!isMenuOpen)}><${Sign} name="menu" /></button>
      <span class="brand"><${GateSign} /> Gatehouse</span>
    </header>
    <div id="side" class=${isMenuOpen ? "side open" : "side"}>
      <span class="brand"><${GateSign} /> Gatehouse</span>
      <nav aria-label="Sections">${SECTIONS.map((one) => html`<${SectionLink} key=${one.path} section=${one} isHere=${one === section} />`)}</nav>
      <div class="account">
        <span class="account-name" title="The API token you are signed in with">${session.name}</span>
        <button type="button" class="quiet" onClick=${leave}>Sign out</button>
      </div>
    </div>
    <main id="main" tabindex="-1">
      ${section === undefined ? html`<${NotFound} />` : html`<${Guarded} key=${`${place.section}/${place.id}`} section=${section} place=${place} />`}
    </main>
  </div>`;
}

/** A mistake of ours in one section must not take the others away. */
function Guarded({ section, place }: { section: Section; place: Place }): VNode {
  const [error] = useErrorBoundary((cause) => console.error(cause));
  if (error === undefined) return html`<${section.view} place=${place} />`;
  return html`<div class="empty"><h1>This section broke</h1><p>Load the page again. If it breaks again, the browser’s console says why.</p>
    <button type="button" class="button" onClick=${() => location.reload()}>Load again</button></div>`;
}

function SectionLink({ section, isHere }: { section: Section; isHere: boolean }): VNode {
  return html`<${Link} to=${`/${section.path}`} class="section-link" aria-current=${isHere ? "page" : undefined}><${Sign} name=${section.sign} />${section.title}<//>`;
}

function NotFound(): VNode {
  return html`<div class="empty"><h1>There is nothing here</h1><p>The address may be mistyped. Choose a section on the left.</p></div>`;
}

function useMenuKeys(isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      close();
      document.querySelector<HTMLElement>(".menu-button")?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOpen]);
}

/** The tab says where it is; and after a move the focus starts at the content, where a screen reader goes on reading. */
function useTitle(section: Section | undefined, { section: name, id }: Place): void {
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${section?.title ?? "Not found"} – Gatehouse admin`;
    if (!isFirst.current) document.getElementById("main")?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [name, id]);
}
