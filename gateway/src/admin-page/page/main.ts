import { render } from "preact";
import { App } from "./app.ts";
import { html } from "./html.ts";
import { takeTokenFromAddress } from "./session.ts";

const token = takeTokenFromAddress();
const root = document.getElementById("app");
if (root !== null) {
  root.replaceChildren();
  render(html`<${App} token=${token} />`, root);
}
