import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOM } from "../support/packed-project.ts";

const readme = readFileSync(join(ROOM, "README.md"), "utf8");
const read = (path: string) => readFileSync(join(ROOM, "src", path), "utf8");

/** The names in the first column of the table that has this one in it. */
function tableWith(name: string): string[] {
  const tables = readme.split(/\n\n+/).filter((block) => block.startsWith("|"));
  const table = tables.find((block) => block.includes(`\n| \`${name}\``)) ?? "";
  const firstCells = table.split("\n").map((row) => row.split("|")[1] ?? "");
  return firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ""));
}

/** The fields that a source file declares between two of its lines. */
function fieldsOf(path: string, start: string, end: string): string[] {
  const [, declared = ""] = read(path).split(start);
  return [...(declared.split(end)[0] ?? "").matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1] ?? "");
}

describe("the README", () => {
  test("names exactly the client's options", () => {
    const fields = fieldsOf("options.ts", "export interface AccessClientOptions {", "\n}");
    expect(fields).toContain("origin");
    expect(tableWith("origin").toSorted()).toEqual(fields.toSorted());
  });

  test("names exactly the verifier's options", () => {
    const path = "verify/verifier-options.ts";
    const ofIssuer = fieldsOf(path, "export interface TrustedIssuer {", "\n}");
    const others = fieldsOf(path, "export type VerifierOptions =", "\n};");
    expect(tableWith("issuer").toSorted()).toEqual([...ofIssuer, ...others, "issuers"].toSorted());
  });

  test("explains exactly the codes that there are", () => {
    const codes = [...read("errors.ts").matchAll(/"(ERR_\w+)"/g)].map((match) => match[1] ?? "");
    expect(codes.length).toBeGreaterThan(20);
    expect(tableWith("ERR_ACCESS_UNAUTHENTICATED").toSorted()).toEqual(codes.toSorted());
  });

  test("names each example", () => {
    const examples = globSync("examples/*", { cwd: ROOM });
    expect(examples.filter((path) => !readme.includes(`(${path})`))).toEqual([]);
  });
});
