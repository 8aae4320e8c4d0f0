import { render } from "preact";
import { App } from "./app.ts";
import { html } from "./html.ts";
import { noteLink } from "./session.ts";

noteLink();
const root = document.getElementById("app");
if (root !== null) {
  root.replaceChildren();
  render(html`<${App} />`, root);
}
