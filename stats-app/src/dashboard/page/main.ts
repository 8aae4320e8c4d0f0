import { render } from "preact";
import { Dashboard } from "./dashboard.ts";
import { html } from "./html.ts";

const root = document.getElementById("app");
if (root !== null) {
  root.replaceChildren();
  render(html`<${Dashboard} />`, root);
}
