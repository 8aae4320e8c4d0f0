import htm from "htm";
import { h, type VNode } from "preact";

/** The package's types describe its CommonJS build; in the browser the default export is the function itself. */
const bindable = htm as unknown as typeof htm.default;

/** JSX without a build. Values become text or properties, never markup. */
export const html = bindable.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
