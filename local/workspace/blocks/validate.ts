import { z } from "zod";
import type { Block, ViewDefinition } from "../model.ts";
import { messageBlock, viewBlock } from "./block-schema.ts";
import { plainText } from "./text-schema.ts";

/** What was wrong, in Slack's words: `must be less than 151 characters [json-pointer:/blocks/0/text/text]`. */
type BlockProblems = readonly string[];

export type Checked<T> = { readonly value: T } | { readonly problems: BlockProblems };

const MAX_MESSAGE_BLOCKS = 50;
const MAX_VIEW_BLOCKS = 100;
/** Undocumented; Slack refuses a third. */
const MAX_CHARTS = 2;
/** All markdown blocks of a message together. */
const MAX_MARKDOWN_CHARACTERS = 12_000;

const message = z
  .strictObject({ blocks: z.array(messageBlock).max(MAX_MESSAGE_BLOCKS) })
  .superRefine(({ blocks }, context) => {
    const report = (message: string) => context.addIssue({ code: "custom", path: ["blocks"], message });
    if (blocks.filter(({ type }) => type === "data_visualization").length > MAX_CHARTS) {
      report(`no more than ${MAX_CHARTS} data_visualization blocks allowed`);
    }
    const characters = blocks.reduce((sum, block) => sum + (block.type === "markdown" ? block.text.length : 0), 0);
    if (characters > MAX_MARKDOWN_CHARACTERS)
      report(`markdown must be less than ${MAX_MARKDOWN_CHARACTERS + 1} characters`);
    reportRepeatedIds(blocks, report);
  });

const viewParts = {
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3000).optional(),
};
const viewBlocks = z
  .array(viewBlock)
  .max(MAX_VIEW_BLOCKS)
  .superRefine((blocks, context) =>
    reportRepeatedIds(blocks, (text) => context.addIssue({ code: "custom", message: text })),
  );
const modal = z.strictObject({
  type: z.literal("modal"),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  blocks: viewBlocks,
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
  ...viewParts,
});
const home = z.strictObject({ type: z.literal("home"), blocks: viewBlocks, ...viewParts });
const view = z.strictObject({ view: z.discriminatedUnion("type", [modal, home]) });

function reportRepeatedIds(
  blocks: readonly { block_id?: string | undefined }[],
  report: (message: string) => void,
): void {
  const ids = blocks.flatMap(({ block_id: id }) => (id === undefined ? [] : [id]));
  if (new Set(ids).size !== ids.length) report("block_id must be unique");
}

/** Holds a message's blocks to Slack's limits. */
export function checkMessageBlocks(blocks: unknown): Checked<Block[]> {
  const parsed = message.safeParse({ blocks });
  return parsed.success ? { value: parsed.data.blocks as Block[] } : { problems: problemsOf(parsed.error) };
}

/** Holds a modal or home tab to Slack's limits; a modal with inputs needs a submit button. */
export function checkView(definition: unknown): Checked<ViewDefinition> {
  const parsed = view.safeParse({ view: definition });
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const value = parsed.data.view as ViewDefinition;
  const hasInput = value.blocks.some(({ type }) => type === "input");
  if (value.type === "modal" && hasInput && value.submit === undefined) {
    return { problems: ["missing required field: submit [json-pointer:/view]"] };
  }
  return { value };
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, issue.path));
}

function problemsOfIssue(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string[] {
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return closest.flatMap((inner) => problemsOfIssue(inner, [...path, ...inner.path]));
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => problem(`invalid additional property: ${key}`, path));
  }
  const isMissing = issue.code === "invalid_type" && /received undefined$/.test(issue.message);
  if (isMissing) return [problem(`missing required field: ${String(path.at(-1))}`, path.slice(0, -1))];
  return [problem(wordsOf(issue), path)];
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union") return "unsupported type";
  if (issue.code === "too_big" && issue.origin === "string")
    return `must be less than ${Number(issue.maximum) + 1} characters`;
  if (issue.code === "too_big" && issue.origin === "array") return `no more than ${issue.maximum} items allowed`;
  if (issue.code === "too_small" && issue.origin === "string")
    return `must be more than ${Number(issue.minimum) - 1} characters`;
  if (issue.code === "too_small" && issue.origin === "array") return `must provide at least ${issue.minimum} items`;
  return issue.message;
}

function problem(words: string, path: readonly PropertyKey[]): string {
  return `[ERROR] ${words} [json-pointer:${path.map((part) => `/${String(part)}`).join("")}]`;
}
