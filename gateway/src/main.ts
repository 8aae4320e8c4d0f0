import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Compiled code is kept beside the packages, where whoever may write could change the code itself: the next start takes three
// quarters of the time. Where the folder cannot be written, all is as without.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/gatehouse"));
const { program } = await import("./program.ts");
await program.parseAsync();
