import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** `npm run build -w @gatehouse/access-client [-- FOLDER]`: what is published, in dist/. Then `npm pack ./access-client/dist`. */
const room = import.meta.dirname;
const dist = resolve(room, process.argv[2] ?? "dist");

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-p", `${room}/tsconfig.build.json`, "--outDir", dist], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
copyFileSync(`${room}/README.md`, `${dist}/README.md`);
cpSync(`${room}/examples`, `${dist}/examples`, { recursive: true });
copyFileSync(`${room}/../LICENSE`, `${dist}/LICENSE`);
const manifest = JSON.parse(readFileSync(`${room}/package.json`, "utf8")) as Manifest;
writeFileSync(`${dist}/package.json`, `${JSON.stringify(published(manifest), null, 2)}\n`);

/** In the workspace the sources are run as they are; whoever installs it gets JavaScript and declarations. */
function published({ scripts: _, devDependencies: __, ...manifest }: Manifest): Manifest {
  const built = (path: string): string => path.replace("./src/", "./").replace(/\.ts$/, "");
  const entries = Object.entries(manifest.exports).map(([name, path]) => [
    name,
    { types: `${built(path)}.d.ts`, default: `${built(path)}.js` },
  ]);
  return { ...manifest, exports: Object.fromEntries(entries), sideEffects: false };
}
