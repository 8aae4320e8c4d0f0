import { z } from "zod";
import { statsQuery } from "./stats-query.ts";

/** JSON Schema (2020-12) of what may be asked, for programs that make questions. */
export const publishedSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Gatehouse statistics API",
  $defs: { StatsQuery: z.toJSONSchema(statsQuery, { io: "input" }) },
};
