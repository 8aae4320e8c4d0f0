import {
  Gauge,
  type GaugeConfiguration,
  type MetricObjectWithValues,
  type MetricType,
  type MetricValueWithName,
} from "prom-client";

/** From a tenth of a millisecond, what a warm request costs the gateway, to the half minute of a slow origin. */
const BUCKETS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

// The enum is in the types only; at run time it is the word.
const HISTOGRAM = "histogram" as unknown as MetricType;

type Values = MetricObjectWithValues<MetricValueWithName<string>>;

/**
 * A histogram without labels whose `add` is a few array accesses: prom-client's `observe` costs half a microsecond, which at
 * twice a request would be seen. What it counted becomes prom-client's form when somebody scrapes.
 * It is a gauge to the registry only because prom-client's Histogram answers scrapes by a method of its own.
 */
export class Timings extends Gauge {
  readonly #counts = new Float64Array(BUCKETS_SECONDS.length + 1);
  readonly #name: string;
  #sumMs = 0;

  constructor(config: Pick<GaugeConfiguration<string>, "name" | "help" | "registers">) {
    super(config);
    this.#name = config.name;
  }

  add(durationMs: number): void {
    const seconds = durationMs / 1000;
    let index = 0;
    while (index < BUCKETS_SECONDS.length && seconds > (BUCKETS_SECONDS[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += durationMs;
  }

  override async get(): Promise<Values> {
    const bounds: (number | string)[] = [...BUCKETS_SECONDS, "+Inf"];
    let total = 0;
    const values = bounds.map((le, index) => {
      total += this.#counts[index] ?? 0;
      return { labels: { le }, value: total, metricName: `${this.#name}_bucket` };
    });
    const named = (part: string, value: number) => ({ labels: {}, value, metricName: `${this.#name}_${part}` });
    const ends = [named("sum", this.#sumMs / 1000), named("count", total)];
    return { ...(await super.get()), type: HISTOGRAM, values: [...values, ...ends] };
  }
}
