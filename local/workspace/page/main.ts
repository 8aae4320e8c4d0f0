import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { App } from "./app.ts";
import { html } from "./html.ts";
import { applyTheme } from "./theme.ts";

const KEY = "gatehouse.person";

function Root({ first }: { first: string }): VNode {
  const [personId, setPersonId] = useState(first);
  useEffect(() => localStorage.setItem(KEY, personId), [personId]);
  const onSwitch = (next: string) => {
    location.hash = "";
    setPersonId(next);
  };
  return html`<${App} key=${personId} personId=${personId} onSwitch=${onSwitch} />`;
}

/** Whoever this browser was last, if they are still here; otherwise the first person. */
async function start(): Promise<void> {
  applyTheme();
  const response = await fetch("/workspace/people");
  const { people } = (await response.json()) as { people: { id: string }[] };
  const ids = people.map(({ id }) => id);
  const asked = new URLSearchParams(location.search).get("as") ?? localStorage.getItem(KEY) ?? "";
  const first = ids.includes(asked) ? asked : (ids[0] ?? "");
  const root = document.querySelector("#root");
  if (root !== null) render(html`<${Root} first=${first} />`, root);
}

void start();
