import { stripVTControlCharacters, styleText } from "node:util";

type Colour = "green" | "yellow" | "red" | "dim" | "bold" | "cyan";
export type Paint = (colour: Colour, text: string) => string;

export function createPaint(hasColour: boolean): Paint {
  return (colour, text) => (hasColour ? styleText(colour, text, { validateStream: false }) : text);
}

/** What others wrote (a token's name, an error's text) on one line, and without what would move a terminal's cursor. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
