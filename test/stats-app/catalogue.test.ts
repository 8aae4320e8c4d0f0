import { ConfigError } from "@gatehouse/service";
import { describe, expect, test } from "vitest";
import { type CatalogueText, parseCatalogue, readCatalogue } from "../../stats-app/src/catalogue/read-catalogue.ts";
import { suggest } from "../../stats-app/src/catalogue/suggest.ts";
import { FLIGHTS_CATALOGUE } from "./support/stats.ts";

const SAMPLE = new URL("../../stats-app/metrics.yaml", import.meta.url).pathname;

const GOOD = `product: Shop
time_zone: Europe/Berlin
week_start: sunday
dimensions:
  country:
    title: Country
    values: { DE: Germany, US: { title: United States, aliases: [usa] } }
metrics:
  orders:
    title: Orders
    description: Paid orders.
    measure: count
    event: order
    dimensions: [country]
  big_orders:
    title: Big orders
    description: Orders above 100.
    measure: count
    event: order
    where: { value: { greater_than: 100 }, dimensions: { country: { is_not: US } } }
  big_share:
    title: Share of big orders
    description: Big orders among all.
    measure: ratio
    numerator: big_orders
    denominator: orders
`;

function problemsOf(...texts: string[]): string[] {
  try {
    parseCatalogue(texts.map((text, index): CatalogueText => ({ name: `${"ab".charAt(index)}.yaml`, text })));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name, problem }) => `${name}: ${problem}`);
    throw error;
  }
  return [];
}

describe("a good catalogue", () => {
  test("is read with its defaults", () => {
    const { product, timeZone, weekStart, metrics, dimensions } = parseCatalogue([{ name: "a.yaml", text: GOOD }]);
    expect({ product, timeZone, weekStart }).toEqual({
      product: "Shop",
      timeZone: "Europe/Berlin",
      weekStart: "sunday",
    });
    expect(metrics.get("orders")).toMatchObject({ format: "integer", unit: "", isLowerBetter: false, aliases: [] });
    expect(metrics.get("big_share")?.measure).toMatchObject({
      kind: "ratio",
      numerator: {
        source: {
          valueConditions: [{ operator: "greater_than", operand: 100 }],
          dimensionConditions: [{ dimension: "country", operator: "is_not", values: ["US"] }],
        },
      },
    });
    expect(dimensions.get("country")?.values).toEqual([
      { value: "DE", title: "Germany", aliases: [] },
      { value: "US", title: "United States", aliases: ["usa"] },
    ]);
  });

  test("may come in several files", () => {
    const more =
      "metrics:\n  visits: { title: Visits, description: Visits., measure: count, event: visit, dimensions: [country] }\n";
    const { metrics, product } = parseCatalogue([
      { name: "a.yaml", text: GOOD },
      { name: "b.yaml", text: more },
    ]);
    expect([...metrics.keys()]).toContain("visits");
    expect(product).toBe("Shop");
  });

  test("the sample product's and the flights' are good", () => {
    expect(readCatalogue([SAMPLE]).metrics.size).toBe(17);
    expect(readCatalogue([FLIGHTS_CATALOGUE]).metrics.size).toBe(3);
    expect(readCatalogue([SAMPLE, FLIGHTS_CATALOGUE]).metrics.size).toBe(20);
  });
});

describe("a mistake is told by file and line", () => {
  test.each([
    ["a bad indent", GOOD.replace("    title: Orders", "   title: Orders"), /^a\.yaml:1[01]: /],
    [
      "a field that does not exist",
      GOOD.replace("event: order\n    dim", "evnt: order\n    dim"),
      /^a\.yaml:13 .*evnt/m,
    ],
    [
      "a missing field",
      GOOD.replace("    description: Paid orders.\n", ""),
      /metrics\.orders\.description: is missing/,
    ],
    ["a measure that does not exist", GOOD.replace("measure: ratio", "measure: median"), /^a\.yaml:24 .*must be count/],
    [
      "a zone that does not exist",
      GOOD.replace("Europe/Berlin", "Europe/Bern"),
      /^a\.yaml:2 time_zone: must be an IANA/,
    ],
    [
      "an unknown dimension",
      GOOD.replace("dimensions: [country]", "dimensions: [land]"),
      /^a\.yaml:14 .*no dimension land/,
    ],
    [
      "a dimension in a condition",
      GOOD.replace("{ country: { is_not", "{ land: { is_not"),
      /^a\.yaml:20 .*no dimension land/,
    ],
    [
      "a ratio of nothing",
      GOOD.replace("numerator: big_orders", "numerator: huge"),
      /^a\.yaml:25 .*there is no metric huge/,
    ],
    [
      "a ratio of itself",
      GOOD.replace("numerator: big_orders", "numerator: big_share"),
      /a ratio cannot be made of itself/,
    ],
    [
      "a title used twice",
      GOOD.replace("title: Big orders", "title: orders"),
      /^a\.yaml:\d+ metrics\.big_orders: "orders" already means orders/,
    ],
    ["a metric declared twice", `${GOOD}  orders: {}\n`, /^a\.yaml:27/],
    ["a name in capitals", GOOD.replace("  big_share:", "  BigShare:"), /metrics\.BigShare: must be a name/],
  ])("%s", (_case, text, expected) => {
    expect(problemsOf(text).join("\n")).toMatch(expected);
  });

  test("mistakes of several metrics come together", () => {
    const text = GOOD.replace("event: order\n    dim", "event: Order\n    dim")
      .replace("numerator: big_orders", "numerator: huge")
      .replace("greater_than: 100", "greater_than: 100, above: 3");
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^a\.yaml:13 metrics\.orders\.event: must be an event's name/),
      expect.stringMatching(/^a\.yaml:20 metrics\.big_orders\.where\.value\.above: is not a field/),
      expect.stringMatching(/^a\.yaml:25 metrics\.big_share\.numerator: there is no metric huge/),
    ]);
  });

  test("two files may not declare the same metric", () => {
    expect(problemsOf(GOOD, GOOD).join("\n")).toMatch(/b\.yaml:9 metrics\.orders: is declared already, at a\.yaml:9/);
  });

  test("an empty file declares no metric", () => {
    expect(problemsOf("")).toEqual(["a.yaml: declares no metric"]);
  });
});

describe("suggestions", () => {
  const candidates = ["signups", "sessions", "active_users"].map((name) => ({ name, words: [name.replace("_", " ")] }));

  test("are the nearest in spelling, nearest first", () => {
    expect(suggest("sign-up", candidates)[0]).toBe("signups");
    expect(suggest("activ users", candidates)[0]).toBe("active_users");
  });

  test("are none when nothing is near", () => {
    expect(suggest("zzzzzzzzzz", candidates)).toEqual([]);
  });
});
