import { ConfigError, type ConfigProblem } from "@gatehouse/service";
import { parseDestination } from "./destination.ts";
import { hostMatches } from "./host-pattern.ts";
import { bySpecificity } from "./specificity.ts";

/** The origin for a host (lower case, with its port if it has one); undefined when none is set. */
export type Origins = (host: string) => string | undefined;

export const NO_ORIGINS: Origins = () => undefined;

/**
 * Reads `GATEWAY_ORIGINS`: `stats.example.com=http://10.0.0.5:8080, *.example.com=https://inside.example.com`. The most specific host wins;
 * a host without a port stands for all of its ports.
 *
 * @throws {ConfigError} with every problem.
 */
export function parseOrigins(text: string, variable = "GATEWAY_ORIGINS"): Origins {
  const problems: ConfigProblem[] = [];
  const pairs = text.split(",").flatMap((entry): (readonly [string, string])[] => {
    if (entry.trim() === "") return [];
    const [host = "", origin = ""] = entry.split("=", 2).map((part) => part.trim());
    const problem = pairProblem(host, origin);
    if (problem !== undefined)
      problems.push({ name: variable, problem: `has the entry "${entry.trim()}", ${problem}` });
    return problem === undefined ? [[host.toLowerCase(), new URL(origin).origin]] : [];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  const sorted = pairs.toSorted(([a], [b]) => bySpecificity(a, b));
  return (host) => {
    const name = host.replace(/:\d+$/, "");
    return sorted.find(([pattern]) => [host, name].some((one) => pattern === one || hostMatches(pattern, one)))?.[1];
  };
}

function pairProblem(host: string, origin: string): string | undefined {
  const parsed = parseDestination(host);
  if (!parsed.ok || parsed.destination.path !== "") return "which does not begin with a host: HOST=ORIGIN";
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const isBare = url !== undefined && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(origin);
  return isBare ? undefined : "whose origin must be http:// or https:// with a host and no path";
}
