import { readdirSync } from "node:fs";
import { type Bench, formatFigure, isUnderFloor } from "./figure.ts";

/** `npm run bench -- NAME …`: runs test/bench/NAME.bench.ts; exits with 1 when a figure is under its floor. */
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.replace(".bench.ts", ""));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !known.includes(name));

if (names.length === 0 || unknown.length > 0) {
  const complaint = unknown.length > 0 ? `No benchmark named ${unknown.join(", ")}. ` : "";
  process.stderr.write(`${complaint}Usage: npm run bench -- NAME; the names are: ${known.join(", ")}\n`);
  process.exit(64);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
let failed = false;
for (const name of names) {
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: Bench };
  print(`${name}: ${bench.about}\n`);
  const figures = await bench.run(print);
  print("");
  for (const figure of figures) print(formatFigure(figure));
  failed ||= figures.some(isUnderFloor);
}
process.exit(failed ? 1 : 0);
