import type { Catalogue } from "../catalogue/catalogue.ts";
import { describeMetric } from "../catalogue/describe.ts";
import type { StoreReader } from "../store/store.ts";
import { answerPlan } from "./answer.ts";
import type { CatalogueAnswer } from "./catalogue-answer.ts";
import { coverageOf, readCoverage } from "./coverage.ts";
import { createDimensionValues, titleIn } from "./dimension-values.ts";
import { planQuery } from "./plan.ts";
import type { StatsAnswer } from "./stats-answer.ts";
import { formatInstant, usOfMs } from "./time-zone.ts";

/** Answers questions about the data and about what can be asked. */
export interface QuestionService {
  /**
   * @param body a `StatsQuery` as it came
   * @throws {StatsError} `ERR_QUERY_*`, `ERR_STORE_UNAVAILABLE`
   */
  ask(body: unknown, signal?: AbortSignal): Promise<StatsAnswer>;
  catalogue(): Promise<CatalogueAnswer>;
}

export interface QuestionServiceDeps {
  readonly catalogue: Catalogue;
  readonly store: StoreReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createQuestionService({ catalogue, store, now }: QuestionServiceDeps): QuestionService {
  const values = createDimensionValues(catalogue, store, now);
  return {
    async ask(body, signal) {
      const begunMs = performance.now();
      const plan = planQuery(body, catalogue);
      const filters = await values.resolveFilters(plan.filters, signal);
      const [lists, covered] = await Promise.all([values.lists(), readCoverage(store)]);
      const nowUs = usOfMs(now());
      const titleOf = (dimension: string, value: string | null) => titleIn(lists, dimension, value);
      const events = coverageOf(covered, [plan.metric]);
      const firstUs = events?.firstUs ?? null;
      const deps = { store, weekStart: catalogue.weekStart, nowUs, firstUs, titleOf, signal };
      const answer = await answerPlan({ ...plan, filters }, deps);
      const at = (us: number) => formatInstant(us, plan.range.timeZone);
      return {
        ...answer,
        freshness: {
          earliestEventAt: events === null ? null : at(events.firstUs),
          latestEventAt: events === null ? null : at(events.lastUs),
        },
        elapsedMs: Math.round((performance.now() - begunMs) * 10) / 10,
      };
    },
    async catalogue() {
      const [lists, covered] = await Promise.all([values.lists(), readCoverage(store)]);
      const range = coverageOf(covered, catalogue.metrics.values());
      const { product, timeZone, weekStart } = catalogue;
      const at = (us: number) => formatInstant(us, timeZone);
      return {
        product,
        timeZone,
        weekStart,
        now: at(usOfMs(now())),
        dataRange: range === null ? null : { from: at(range.firstUs), to: at(range.lastUs) },
        metrics: [...catalogue.metrics.values()].map(describeMetric),
        dimensions: [...catalogue.dimensions.values()].map(({ name, title, aliases }) => ({
          name,
          title,
          aliases,
          values: lists.get(name) ?? [],
        })),
      };
    },
  };
}
