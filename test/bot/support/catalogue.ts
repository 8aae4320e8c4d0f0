import type { Catalogue, MetricInfo } from "../../../bot/src/stats-api.ts";

function metric(name: string, title: string, rest: Partial<MetricInfo> = {}): MetricInfo {
  return {
    name,
    title,
    aliases: [],
    description: `${title}, counted.`,
    measure: "count",
    format: "integer",
    unit: title.toLowerCase(),
    isAdditive: true,
    isLowerBetter: false,
    dimensions: ["country", "plan", "channel", "platform"],
    examples: [],
    ...rest,
  };
}

function values(
  ...titles: [value: string, title: string, ...aliases: string[]][]
): Catalogue["dimensions"][number]["values"] {
  return titles.map(([value, title, ...aliases]) => ({ value, title, aliases }));
}

/** A small product with the shapes that make questions hard: shared values, little words as codes, metrics alike. */
export const catalogue: Catalogue = {
  product: "Acme Notes",
  timeZone: "UTC",
  weekStart: "monday",
  now: "2026-11-23T18:00:00Z",
  dataRange: { from: "2000-12-31T00:00:00Z", to: "2026-11-23T17:59:00Z" },
  metrics: [
    metric("signups", "Signups", {
      aliases: ["new users", "registrations", "sign ups"],
      examples: ["signups last 7 days by country vs previous week"],
    }),
    metric("active_users", "Active users", {
      aliases: ["users", "mau"],
      measure: "active_users",
      isAdditive: false,
      unit: "users",
      examples: ["how many active users last month?"],
    }),
    metric("revenue", "Revenue", {
      aliases: ["sales"],
      measure: "sum",
      format: "currency",
      unit: "USD",
      examples: ["revenue this quarter vs last year"],
    }),
    metric("orders", "Orders", { aliases: ["purchases"] }),
    metric("conversion_rate", "Conversion rate", {
      measure: "ratio",
      format: "percent",
      unit: "",
      isAdditive: false,
      dimensions: ["channel", "platform"],
    }),
    metric("errors", "Errors", { isLowerBetter: true, aliases: ["failures"], dimensions: ["platform"] }),
    metric("flights", "Flights", { dimensions: ["origin", "destination"] }),
    metric("average_delay", "Average delay", {
      measure: "average",
      format: "decimal",
      unit: "minutes",
      isAdditive: false,
      isLowerBetter: true,
      aliases: ["mean delay"],
      dimensions: ["origin", "destination"],
    }),
    metric("delayed_flights", "Delayed flights", {
      measure: "ratio",
      format: "percent",
      unit: "",
      isAdditive: false,
      dimensions: ["origin", "destination"],
    }),
  ],
  dimensions: [
    {
      name: "country",
      title: "Country",
      aliases: ["market", "nation"],
      values: values(
        ["DE", "Germany"],
        ["FR", "France"],
        ["US", "United States", "usa", "america"],
        ["IN", "India"],
        ["IT", "Italy"],
      ),
    },
    {
      name: "plan",
      title: "Plan",
      aliases: ["tier"],
      values: values(["free", "Free"], ["pro", "Pro"], ["enterprise", "Enterprise"]),
    },
    {
      name: "channel",
      title: "Channel",
      aliases: ["source"],
      values: values(
        ["organic", "Organic"],
        ["paid", "Paid"],
        ["referral", "Referral"],
        ["free", "Free trial campaign"],
      ),
    },
    {
      name: "platform",
      title: "Platform",
      aliases: ["device"],
      values: values(["web", "Web"], ["ios", "iOS"], ["android", "Android"]),
    },
    { name: "origin", title: "Origin", aliases: ["departure airport"], values: values(["JFK", "JFK"], ["LAX", "LAX"]) },
    {
      name: "destination",
      title: "Destination",
      aliases: ["arrival airport"],
      values: values(["JFK", "JFK"], ["LAX", "LAX"]),
    },
  ],
};
