// Runs before every npm script, under whatever Node npm itself uses (20 or newer). Installs the packages of the lockfile
// when they are missing or older than it, and does nothing, quickly, when they are there. Without `--all` it leaves out what
// only tests and checks need, which is half of the bytes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const modules = `${root}node_modules`;
const stamp = `${modules}/.gatehouse-setup`;
const lock = createHash("sha256")
  .update(readFileSync(`${root}package-lock.json`))
  .digest("hex");
const node = `${modules}/.bin/node${process.platform === "win32" ? ".cmd" : ""}`;

const needsAll = process.argv.includes("--all");
const installed = existsSync(stamp) && existsSync(node) ? readFileSync(stamp, "utf8") : "";
const isCurrent = installed === `${lock} all` || (!needsAll && installed === `${lock} run`);
if (!isCurrent) {
  install();
  if (!existsSync(node)) linkNode();
  writeFileSync(stamp, `${lock} ${needsAll ? "all" : "run"}`);
}

function install() {
  process.stdout.write("Installing packages (first run, or the lockfile changed) …\n");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  // Not `npm ci`: it refuses a lockfile that lacks another platform's optional packages. The lockfile's versions are kept.
  const options = ["install", "--no-save", "--loglevel=error", ...(needsAll ? [] : ["--omit=dev"])];
  const { status } = spawnSync(command, [...args, ...options], { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  process.stderr.write("npm install failed; the lines above say why. Mend it and run the same command again.\n");
  process.exit(status ?? 1);
}

/** npm 10 takes the link to our Node away again, with those of the other platforms' packages that it leaves out. */
function linkNode() {
  const packages = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const found = packages.find((name) => existsSync(`${modules}/${name}/bin/node`));
  if (found !== undefined) {
    symlinkSync(`../${found}/bin/node`, node);
    return;
  }
  process.stderr.write(
    `There is no Node 26 package for ${process.platform}-${process.arch}: install Node 26.10 yourself, put it first in PATH, ` +
      "and run the same command again.\n",
  );
}
