import { Command, CommanderError } from "commander";
import { StatsError } from "../errors.ts";

/** A column of the file and the dimension that it becomes. */
interface DimensionColumn {
  readonly column: string;
  readonly dimension: string;
}

/** What `npm run load` was asked to do. */
export interface LoadOptions {
  readonly file: string;
  readonly event: string;
  readonly timeColumn: string;
  readonly userColumn: string | undefined;
  readonly valueColumn: string | undefined;
  readonly idColumn: string | undefined;
  readonly dimensions: readonly DimensionColumn[];
  /** IANA zone of times that name no offset. */
  readonly timeZone: string;
  /** Keeps nothing when one row is bad. */
  readonly isStrict: boolean;
  /** Where all bad rows are written, as NDJSON. */
  readonly rejectsFile: string | undefined;
  readonly catalogueFiles: string | undefined;
}

type Parsed = Record<"event" | "time" | "timeZone", string> &
  Partial<Record<"user" | "value" | "id" | "dimensions" | "rejects" | "catalogue", string>> & { strict?: true };

/**
 * Reads the command line.
 *
 * @throws {CommanderError} after the usage or the complaint was printed
 * @throws {StatsError} `ERR_LOAD_COLUMN`
 */
export function parseLoadOptions(argv: readonly string[]): LoadOptions {
  const command = loadCommand();
  command.parse([...argv], { from: "user" });
  const parsed = command.opts<Parsed>();
  return {
    file: command.args[0] ?? "",
    event: parsed.event,
    timeColumn: parsed.time,
    userColumn: parsed.user,
    valueColumn: parsed.value,
    idColumn: parsed.id,
    dimensions: dimensionColumns(parsed.dimensions ?? ""),
    timeZone: parsed.timeZone,
    isStrict: parsed.strict === true,
    rejectsFile: parsed.rejects,
    catalogueFiles: parsed.catalogue,
  };
}

export { CommanderError };

function loadCommand(): Command {
  return new Command("npm run load --")
    .description("Loads a CSV, NDJSON or Parquet file of events. Loading the same file again changes nothing.")
    .argument("<file>", "a .csv, .tsv, .ndjson, .jsonl or .parquet file; text may end in .gz")
    .requiredOption("--event <name>", "the event's name in the catalogue, such as signup")
    .requiredOption("--time <column>", "column with the time: ISO 8601, or a date")
    .option("--user <column>", "column with who did it")
    .option("--value <column>", "column with a number")
    .option("--dimensions <columns>", "columns to break down by, separated by commas; COLUMN=NAME renames one")
    .option(
      "--id <column>",
      "column with an id that is unique to the row (default: the file's content and the row's number)",
    )
    .option("--time-zone <zone>", "IANA zone of times without an offset", "UTC")
    .option("--strict", "keep nothing when one row is bad")
    .option("--rejects <file>", "write every bad row there, as NDJSON")
    .option("--catalogue <files>", "catalogue files, separated by commas (default: STATS_CATALOGUE)")
    .addHelpText(
      "after",
      "\nThe database is STATS_DATABASE_URL, or the one that npm start uses: file:.data/local/stats.duckdb",
    )
    .exitOverride();
}

function dimensionColumns(list: string): DimensionColumn[] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => {
      const [column = "", dimension = column] = item.split("=", 2);
      checkDimension(column, dimension);
      return { column, dimension };
    });
}

function checkDimension(column: string, dimension: string): void {
  if (/^[a-z][a-z0-9_]*$/.test(dimension)) return;
  const advice = `write --dimensions "${column}=NAME" to give it a name of a-z, 0-9 and _`;
  throw new StatsError("ERR_LOAD_COLUMN", `"${dimension}" cannot be a dimension's name: ${advice}.`);
}
