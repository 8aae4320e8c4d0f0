import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Around `npm pack` and `npm publish`, which take package.json as it lies there: in the workspace the sources are run as
 * they are, and whoever installs the package gets JavaScript and declarations. `before` builds dist/ and puts the published
 * package.json in place; `after` puts ours back, as the next `before` does when a pack was killed in between.
 */
const room = import.meta.dirname;
const manifestFile = join(room, "package.json");
const ownManifestFile = join(room, "package.workspace.json");

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

if (existsSync(ownManifestFile)) renameSync(ownManifestFile, manifestFile);
if (process.argv[2] === "before") {
  rmSync(join(room, "dist"), { recursive: true, force: true });
  const { status } = spawnSync("tsc", ["-p", join(room, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  const own = readFileSync(manifestFile, "utf8");
  writeFileSync(ownManifestFile, own);
  writeFileSync(manifestFile, `${JSON.stringify(published(JSON.parse(own) as Manifest), null, 2)}\n`);
}

function published({ scripts: _, devDependencies: __, ...manifest }: Manifest): Manifest {
  const built = (path: string): string => path.replace("./src/", "./dist/").replace(/\.ts$/, "");
  const entries = Object.entries(manifest.exports).map(([name, path]) => [
    name,
    { types: `${built(path)}.d.ts`, default: `${built(path)}.js` },
  ]);
  return { ...manifest, exports: Object.fromEntries(entries) };
}
