import { readFileSync } from "node:fs";
import type { z } from "zod";
import { ConfigError, type ConfigProblem } from "./errors.ts";

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration from environment variables, through a zod object whose keys are the variables' names.
 *
 * - An empty variable counts as absent, as in a copied `.env.example`.
 * - Any variable `X` may come from the file named by `X_FILE` (trailing line ends are dropped); giving both is a problem.
 * - All problems are reported together, by name; a value is never repeated in them, for it may be a secret.
 *
 * @throws {ConfigError} `ERR_CONFIG_INVALID`
 */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
): z.output<z.ZodObject<Shape>> {
  const problems: ConfigProblem[] = [];
  const values = collectValues(Object.keys(schema.shape), env, problems);
  const parsed = schema.safeParse(values);
  const known = new Set(problems.map((problem) => problem.name));
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join(".") || "configuration";
    if (known.has(name)) continue;
    problems.push({ name, problem: values[name] === undefined ? missing(name, issue) : issue.message });
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return parsed.data;
}

function missing(name: string, issue: z.core.$ZodIssue): string {
  const isPlainAbsence = issue.code === "invalid_type" || issue.code === "invalid_union";
  return isPlainAbsence ? `is required: set ${name} or ${name}_FILE (see .env.example)` : issue.message;
}

function collectValues(names: readonly string[], env: Environment, problems: ConfigProblem[]): Environment {
  const values: Record<string, string> = {};
  for (const name of names) {
    const direct = env[name] || undefined;
    const file = env[`${name}_FILE`] || undefined;
    if (direct !== undefined && file !== undefined) {
      problems.push({ name, problem: `is set twice: by ${name} and by ${name}_FILE; keep one` });
    }
    const value = direct ?? (file === undefined ? undefined : readSecretFile(name, file, problems));
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function readSecretFile(name: string, file: string, problems: ConfigProblem[]): string | undefined {
  try {
    const text = readFileSync(file, "utf8").replace(/[\r\n]+$/, "");
    if (text !== "") return text;
    problems.push({ name, problem: `${name}_FILE names an empty file: ${file}` });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    problems.push({ name, problem: `${name}_FILE cannot be read (${reason}): ${file}` });
  }
  return undefined;
}
