import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Inline, TextBlock } from "../../local/workspace/page/text/inline.ts";
import { parseMarkdown } from "../../local/workspace/page/text/markdown.ts";
import { parseInline, parseMrkdwn } from "../../local/workspace/page/text/mrkdwn.ts";

describe("mrkdwn", () => {
  test.each<[string, Inline[]]>([
    ["plain", ["plain"]],
    ["*bold* and _it_", [{ kind: "bold", children: ["bold"] }, " and ", { kind: "italic", children: ["it"] }]],
    ["*_both_*", [{ kind: "bold", children: [{ kind: "italic", children: ["both"] }] }]],
    ["~gone~", [{ kind: "strike", children: ["gone"] }]],
    ["2 * 3 * 4", ["2 * 3 * 4"]],
    ["snake_case_name", ["snake_case_name"]],
    ["`*raw* &lt;b&gt;`", [{ kind: "code", text: "*raw* <b>" }]],
    ["a &lt; b &amp;amp; c", ["a < b &amp; c"]],
    ["<@U0ADA> in <#C0GENERAL|general>", [{ kind: "user", id: "U0ADA" }, " in ", { kind: "channel", id: "C0GENERAL" }]],
    ["<!here>", [{ kind: "broadcast", name: "here" }]],
    [
      "<https://a.example/?x=1&amp;y=2|see *it*>",
      [{ kind: "link", url: "https://a.example/?x=1&y=2", children: ["see ", { kind: "bold", children: ["it"] }] }],
    ],
    ["<javascript:alert(1)|click>", ["<javascript:alert(1)|click>"]],
    ["<data:text/html,x>", ["<data:text/html,x>"]],
    [":tada:", [{ kind: "emoji", name: "tada" }]],
  ])("%s", (text, tree) => {
    expect(parseInline(text)).toEqual(tree);
  });

  test("quotes, lists and code blocks stand apart", () => {
    const kinds = parseMrkdwn("Look:\n&gt; said\n• one\n• two\n```\n*as is*\n```").map(({ kind }) => kind);
    expect(kinds).toEqual(["paragraph", "quote", "list", "pre"]);
  });

  test("no text makes it fail, and no letter is lost", () => {
    const letters = (text: string) => text.replace(/[^a-z]/g, "");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab *_~`\n•") }), (text) => {
        expect(letters(parseMrkdwn(text).map(textOf).join(""))).toBe(letters(text));
      }),
    );
  });
});

describe("markdown", () => {
  test("knows headings, lists, tables, rules and code", () => {
    const text = "# Title\n\ntext\n\n- a\n- b\n\n1. c\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n\n---\n\n```js\nlet a;\n```";
    expect(parseMarkdown(text).map(({ kind }) => kind)).toEqual([
      "heading",
      "paragraph",
      "list",
      "list",
      "table",
      "rule",
      "pre",
    ]);
  });

  test("turns only safe addresses into links", () => {
    const [safe, unsafe] = [parseMarkdown("[a](https://a.example)"), parseMarkdown("[a](javascript:alert)")];
    expect(safe).toEqual([
      { kind: "paragraph", children: [{ kind: "link", url: "https://a.example", children: ["a"] }] },
    ]);
    expect(unsafe).toEqual([{ kind: "paragraph", children: ["[a](javascript:alert)"] }]);
  });

  test("no text makes it fail or run for long", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab *_~`#>|-:[]()\n1.") }), (text) => {
        expect(Array.isArray(parseMarkdown(text))).toBe(true);
      }),
    );
  });
});

function textOf(block: TextBlock): string {
  switch (block.kind) {
    case "pre":
      return block.text;
    case "quote":
      return block.children.map(textOf).join("");
    case "list":
      return block.items.flat().map(inlineText).join("");
    case "paragraph":
    case "heading":
      return block.children.map(inlineText).join("");
    default:
      return "";
  }
}

function inlineText(node: Inline): string {
  if (typeof node === "string") return node;
  if ("text" in node) return node.text;
  return "children" in node ? node.children.map(inlineText).join("") : "";
}
