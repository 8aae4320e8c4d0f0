import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Avatar } from "./avatar.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { authorOf } from "./names.ts";
import { readTheme, setTheme, type Theme } from "./theme.ts";
import { useMenu, walkMenu } from "./use-menu.ts";

/** Who one is, switching to somebody else, and the colours. */
export function PersonMenu({ onSwitch }: { onSwitch: (personId: string) => void }): VNode {
  const { state } = usePage();
  const { me, people } = state.workspace;
  const { isOpen, frame, toggle } = useMenu();
  return html`<div class="person-menu" ref=${frame}>
    ${
      isOpen &&
      html`<div class="menu up" role="menu" aria-label="Switch person" onKeyDown=${walkMenu}>
      ${people.map(
        (
          person,
        ) => html`<button type="button" role="menuitemradio" aria-checked=${person.id === me.id} key=${person.id} onClick=${() => onSwitch(person.id)}>
          <${Avatar} author=${authorOf(person.id, state.workspace)} size="small" />
          <span>${person.realName}<small>${person.title}</small></span>
        </button>`,
      )}
      <${ThemeChoice} />
    </div>`
    }
    <button type="button" class="me" aria-haspopup="menu" aria-expanded=${isOpen} aria-label="You are ${me.realName}; switch person" onClick=${toggle}>
      <${Avatar} author=${authorOf(me.id, state.workspace)} />
      <span>${me.realName}<small>${me.title}</small></span>
    </button>
  </div>`;
}

const THEMES: readonly Theme[] = ["system", "light", "dark"];

function ThemeChoice(): VNode {
  const [theme, setShown] = useState(readTheme());
  const choose = (next: Theme) => {
    setTheme(next);
    setShown(next);
  };
  return html`<div class="theme-choice" role="group" aria-label="Theme">
    ${THEMES.map((one) => html`<button type="button" key=${one} aria-pressed=${one === theme} onClick=${() => choose(one)}>${one}</button>`)}
  </div>`;
}
