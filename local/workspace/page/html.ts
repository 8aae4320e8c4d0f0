import htm from "htm";
import { h, type VNode } from "preact";

/** In the browser the default export is the function; its types describe the CommonJS build. */
const bindable = htm as unknown as typeof htm.default;

/** JSX without a build: `html\`<p class="x">${text}</p>\``. Values are text or properties, never markup. */
export const html = bindable.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
