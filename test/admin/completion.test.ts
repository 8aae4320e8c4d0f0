import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { run } from "./support/run.ts";

/** Typed so far → what the shell offers. */
const TYPED: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["gatehouse ", ["tokens", "logs", "doctor", "completion"], ["rotate"]],
  ["gatehouse to", ["tokens"], ["keys"]],
  ["gatehouse tokens ro", ["rotate"], ["revoke"]],
  ["gatehouse tokens rotate bot --w", ["--write", "--wait"], ["--overlap"]],
  ["gatehouse tokens rotate bot --json --over", ["--overlap"], ["--write"]],
  ["gatehouse tokens rotate bot --write v", ["vault:"], ["file:", "--verify"]],
  ["gatehouse completion ", ["bash", "zsh", "fish"], ["tokens"]],
];

/** Asks a real shell what it would offer. */
const SHELLS: Readonly<Record<string, (file: string, typed: string) => readonly string[]>> = {
  bash: (file, typed) => [
    "-c",
    `source ${file}; IFS=' ' read -ra COMP_WORDS <<< '${typed}'; [[ '${typed}' == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _gatehouse; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (file, typed) => [
    "-fc",
    `compdef() { :; }; compset() { return 1; }; compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- \${(M)@:#\${words[CURRENT]}*}; }
source ${file}; words=(\${(s: :)"\${:-${typed}}"}); [[ '${typed}' == *' ' ]] && words+=(''); CURRENT=$#words; _gatehouse`,
  ],
  fish: (file, typed) => ["--no-config", "-c", `source ${file}; complete -C'${typed}'`],
};

describe.each(Object.entries(SHELLS))("%s", (shell, ask) => {
  const isInstalled = spawnSync(shell, ["-c", "true"]).status === 0;

  test.runIf(isInstalled).each(TYPED)("after %j offers %j and not %j", async (typed, offered, others) => {
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-completion-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "script");
    writeFileSync(file, (await run(["completion", shell])).out);
    const { stdout, stderr } = spawnSync(shell, ask(file, typed), { encoding: "utf8" });
    const words = stdout.split("\n").map((line) => line.split("\t", 1)[0]);
    expect(stderr).toBe("");
    expect(words).toEqual(expect.arrayContaining([...offered]));
    for (const other of others) expect(words).not.toContain(other);
  });
});
