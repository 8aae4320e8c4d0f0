import type { Block, InputState, InputValue } from "../model.ts";

/** What the page says about one input: the chosen or typed values, as plain strings. */
export type RawValues = readonly string[];
/** Block id → action id → values. */
export type RawState = Readonly<Record<string, Readonly<Record<string, RawValues>>>>;

type Element = Readonly<Record<string, unknown>> & { readonly type: string };
interface Option {
  readonly value: string;
}

/** One input's value in Slack's shape. Options are taken from the element: a value that it does not offer is dropped. */
export function inputValueOf(element: Element, raw: RawValues): InputValue {
  const { type } = element;
  const first = raw[0] ?? null;
  switch (type) {
    case "static_select":
    case "radio_buttons":
    case "overflow":
      return { type, selected_option: optionsOf(element).find(({ value }) => value === first) ?? null };
    case "multi_static_select":
    case "checkboxes":
      return { type, selected_options: optionsOf(element).filter(({ value }) => raw.includes(value)) };
    case "conversations_select":
      return { type, selected_conversation: first };
    case "channels_select":
      return { type, selected_channel: first };
    case "users_select":
      return { type, selected_user: first };
    case "datepicker":
      return { type, selected_date: first };
    case "timepicker":
      return { type, selected_time: first };
    case "feedback_buttons":
      return { type, value: feedbackValue(element, first) };
    case "button":
    case "icon_button":
      return { type, ...(typeof element["value"] === "string" && { value: element["value"] }) };
    default:
      return { type, value: first === "" ? null : first };
  }
}

/** The state of all inputs of some blocks, those that nobody touched included. */
export function inputStateOf(blocks: readonly Block[], raw: RawState): InputState {
  const state: Record<string, Record<string, InputValue>> = {};
  for (const { blockId, actionId, element } of statefulElements(blocks)) {
    state[blockId] = { ...state[blockId], [actionId]: inputValueOf(element, raw[blockId]?.[actionId] ?? []) };
  }
  return state;
}

/** Required inputs that are empty and texts out of their bounds: what Slack refuses before the app hears of it. */
export function inputErrors(blocks: readonly Block[], raw: RawState): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    const element = block["element"] as Element | undefined;
    if (block.type !== "input" || element === undefined) continue;
    const values = raw[String(block.block_id)]?.[String(element["action_id"])] ?? [];
    const problem = inputProblem(element, values, block["optional"] === true);
    if (problem !== undefined) errors[String(block.block_id)] = problem;
  }
  return errors;
}

function inputProblem(element: Element, values: RawValues, isOptional: boolean): string | undefined {
  const text = values[0] ?? "";
  if (text === "") return isOptional ? undefined : "Please complete this required field.";
  if (element.type === "number_input" && !Number.isFinite(Number(text))) return "Please enter a number.";
  const { min_length: min, max_length: max } = element;
  if (typeof min === "number" && text.length < min) return `Please use at least ${min} characters.`;
  if (typeof max === "number" && text.length > max) return `Please use at most ${max} characters.`;
  return undefined;
}

const STATELESS = new Set(["button", "icon_button", "feedback_buttons", "overflow", "image"]);

function statefulElements(blocks: readonly Block[]): { blockId: string; actionId: string; element: Element }[] {
  return blocks.flatMap((block) => {
    const inner = statefulElements((block["child_blocks"] ?? []) as Block[]);
    const candidates = [block["accessory"], block["element"], ...(block.type === "actions" ? elementsOf(block) : [])];
    const own = (candidates as (Element | undefined)[]).flatMap((element) =>
      element === undefined || STATELESS.has(element.type)
        ? []
        : [{ blockId: String(block.block_id), actionId: String(element["action_id"]), element }],
    );
    return [...inner, ...own];
  });
}

function elementsOf(block: Block): unknown[] {
  return (block["elements"] ?? []) as unknown[];
}

function optionsOf(element: Element): readonly Option[] {
  const groups = (element["option_groups"] ?? []) as { options: readonly Option[] }[];
  return [...((element["options"] ?? []) as Option[]), ...groups.flatMap(({ options }) => options)];
}

function feedbackValue(element: Element, chosen: string | null): string | null {
  const { positive_button: positive, negative_button: negative } = element as { [name: string]: unknown };
  const values = [positive, negative].map((button) => (button as Option | undefined)?.value);
  return values.find((value) => value === chosen) ?? null;
}
