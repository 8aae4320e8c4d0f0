/** undici by its file, the same module in Node: Bun puts a stub without pools in the place of the bare name. */
export { Dispatcher, FormData, fetch, Pool } from "undici/index.js";
