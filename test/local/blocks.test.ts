import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkMessageBlocks, checkView } from "../../local/workspace/blocks/validate.ts";
import { chart, pie, reportBlocks, subscribeModal } from "./support/report-app.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const problemsOf = (...blocks: unknown[]) => {
  const checked = checkMessageBlocks(blocks);
  return "problems" in checked ? checked.problems : [];
};
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

const tableOf = (rows: number, columns: number, text = "x") => ({
  type: "table",
  rows: many(rows, () => many(columns, () => ({ type: "raw_text", text }))),
});

describe("blocks of a message", () => {
  test("a full report is accepted", () => {
    expect(problemsOf(...reportBlocks())).toEqual([]);
  });

  test.each([
    ["a third chart", [pie, pie, chart], "no more than 2 data_visualization blocks"],
    ["51 blocks", many(51, () => ({ type: "divider" })), "no more than 50 items"],
    ["an unknown block", [{ type: "hologram" }], "unsupported type"],
    [
      "a property that Slack does not know",
      [{ type: "divider", colour: "red" }],
      "invalid additional property: colour",
    ],
    ["an empty section", [{ type: "section" }], "missing required field: text or fields"],
    [
      "a long section",
      [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }],
      "must be less than 3001 characters",
    ],
    ["eleven fields", [{ type: "section", fields: many(11, () => plain("x")) }], "no more than 10 items"],
    [
      "26 buttons",
      [{ type: "actions", elements: many(26, () => ({ type: "button", text: plain("x") })) }],
      "no more than 25 items",
    ],
    [
      "a long button",
      [{ type: "actions", elements: [{ type: "button", text: plain("x".repeat(76)) }] }],
      "must be less than 76",
    ],
    [
      "mrkdwn on a button",
      [{ type: "actions", elements: [{ type: "button", text: { type: "mrkdwn", text: "x" } }] }],
      "elements/0/text/type",
    ],
    [
      "a select without options",
      [{ type: "actions", elements: [{ type: "static_select" }] }],
      "exactly one of options and option_groups",
    ],
    [
      "six overflow options",
      [
        {
          type: "actions",
          elements: [{ type: "overflow", options: many(6, (i) => ({ text: plain("x"), value: `${i}` })) }],
        },
      ],
      "no more than 5",
    ],
    [
      "one block id twice",
      [
        { type: "divider", block_id: "a" },
        { type: "divider", block_id: "a" },
      ],
      "block_id must be unique",
    ],
    [
      "an uneven table",
      [{ type: "table", rows: [...tableOf(1, 2).rows, ...tableOf(1, 3).rows] }],
      "same number of cells",
    ],
    ["21 columns", [tableOf(2, 21)], "no more than 20 items"],
    ["101 rows", [tableOf(101, 1)], "no more than 100 items"],
    ["a table of too many characters", [tableOf(50, 10, "x".repeat(21))], "less than 10001 characters"],
    [
      "markdown blocks that are too long together",
      many(2, () => ({ type: "markdown", text: "x".repeat(6001) })),
      "markdown must be less",
    ],
    ["a chart in a container", [{ type: "container", title: plain("x"), child_blocks: [chart] }], "unsupported type"],
  ])("refuses %s", (_case, blocks, problem) => {
    expect(problemsOf(...blocks).join("\n")).toContain(problem);
  });

  const [first, second] = chart.chart.series;
  const seriesWith = (series: readonly unknown[]) => ({ ...chart, chart: { ...chart.chart, series } });
  const categoriesWith = (categories: readonly string[]) => ({
    ...chart,
    chart: { ...chart.chart, axis_config: { categories } },
  });
  const { categories } = chart.chart.axis_config;

  test.each([
    ["a long series name", seriesWith([{ ...first, name: "x".repeat(21) }]), "must be less than 21"],
    ["two series of one name", seriesWith([first, first]), "series names must be unique"],
    ["seven series", seriesWith(many(7, (i) => ({ ...second, name: `${i}` }))), "no more than 6 items"],
    ["a value missing", seriesWith([{ ...first, data: first?.data.slice(1) }]), "exactly one value for each category"],
    ["an infinite value", seriesWith([{ ...first, data: [{ label: "x", value: Infinity }] }]), "series/0/data/0/value"],
    ["a category twice", categoriesWith(categories.with(1, "Nov 16")), "categories must be unique"],
    ["21 categories", categoriesWith(many(21, (i) => `${i}`)), "no more than 20 items"],
  ])("refuses a chart with %s", (_case, block, problem) => {
    expect(problemsOf(block).join("\n")).toContain(problem);
  });

  test("refuses a pie with nothing in a segment", () => {
    const empty = { ...pie, chart: { type: "pie", segments: [{ label: "Free", value: 0 }] } };
    expect(problemsOf(empty)[0]).toContain("segments/0/value");
  });

  test("whatever is posted, it is answered and never thrown", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (blocks) => {
        const checked = checkMessageBlocks(blocks);
        expect("problems" in checked ? checked.problems.length : 1).toBeGreaterThan(0);
      }),
    );
  });
});

describe("views", () => {
  test("a modal with every input is accepted", () => {
    expect(checkView(subscribeModal)).toHaveProperty("value");
  });

  test.each([
    ["a long title", { ...subscribeModal, title: plain("x".repeat(25)) }, "/view/title/text"],
    ["inputs but no submit button", { ...subscribeModal, submit: undefined }, "missing required field: submit"],
    ["a chart", { ...subscribeModal, blocks: [chart] }, "unsupported type"],
    ["too much metadata", { ...subscribeModal, private_metadata: "x".repeat(3001) }, "/view/private_metadata"],
  ])("refuses a modal with %s", (_case, view, problem) => {
    const checked = checkView(view);
    expect("problems" in checked ? checked.problems.join("\n") : "").toContain(problem);
  });
});
