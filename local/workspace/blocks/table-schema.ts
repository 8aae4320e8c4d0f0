import { z } from "zod";
import { richText } from "./rich-text-schema.ts";
import { blockId } from "./text-schema.ts";

/** `table` and `data_table`: at most 20 columns, 100 rows (and a header), 10,000 characters in all cells. */

const MAX_COLUMNS = 20;
const MAX_ROWS = 100;
const MAX_CHARACTERS = 10_000;

const rawText = z.strictObject({ type: z.literal("raw_text"), text: z.string() });
const rawNumber = z.strictObject({ type: z.literal("raw_number"), value: z.number(), text: z.string().optional() });
const headerCell = z.discriminatedUnion("type", [rawText, rawNumber]);
const cell = z.discriminatedUnion("type", [rawText, rawNumber, richText]);
const cells = z.array(cell).min(1).max(MAX_COLUMNS);

export const table = z
  .strictObject({
    type: z.literal("table"),
    block_id: blockId,
    rows: z.array(cells).min(1).max(MAX_ROWS),
    column_settings: z
      .array(
        z
          .strictObject({ align: z.enum(["left", "center", "right"]).optional(), is_wrapped: z.boolean().optional() })
          .nullable(),
      )
      .max(MAX_COLUMNS)
      .optional(),
  })
  .superRefine(checkRows);

export const dataTable = z
  .strictObject({
    type: z.literal("data_table"),
    block_id: blockId,
    caption: z.string().min(1).max(300),
    rows: z
      .tuple([z.array(headerCell).min(1).max(MAX_COLUMNS), cells], cells)
      .refine((rows) => rows.length <= MAX_ROWS + 1, {
        message: `no more than ${MAX_ROWS + 1} items allowed`,
      }),
    page_size: z.int().min(1).max(100).optional(),
    row_header_column_index: z.int().min(0).optional(),
  })
  .superRefine(checkRows);

function checkRows({ rows }: { rows: readonly (readonly unknown[])[] }, context: z.RefinementCtx): void {
  const columns = rows[0]?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== columns);
  if (uneven !== -1) {
    context.addIssue({
      code: "custom",
      path: ["rows", uneven],
      message: "all rows must have the same number of cells",
    });
  }
  const characters = rows.flat().reduce((sum: number, one) => sum + textLength(one), 0);
  if (characters > MAX_CHARACTERS) {
    const message = `must be less than ${MAX_CHARACTERS + 1} characters in all cells`;
    context.addIssue({ code: "custom", path: ["rows"], message });
  }
}

function textLength(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  const own = "text" in node && typeof node.text === "string" ? node.text.length : 0;
  const children = "elements" in node && Array.isArray(node.elements) ? node.elements : [];
  return children.reduce((sum: number, child) => sum + textLength(child), own);
}
