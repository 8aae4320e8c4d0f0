import { z } from "zod";
import type { Problem } from "../policies/compile.ts";

/** What is wrong with a body beyond its shape, told in the same way as what is wrong with its shape. */
export function invalid(problems: readonly Problem[]): z.ZodError {
  return new z.ZodError(
    problems.map(({ path, message }) => ({ code: "custom", path: [...path], message, input: undefined })),
  );
}
