/** The page's colours, for the chart. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  /** The page's fonts: the chart must measure its texts in them. */
  readonly fontFamily: string;
  /** Of the groups of a breakdown, in order. */
  readonly groups: readonly string[];
}

const GROUP_COLOURS = 8;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    muted: colour("muted"),
    line: colour("line"),
    surface: colour("surface"),
    accent: colour("accent"),
    fontFamily: style.fontFamily,
    groups: Array.from({ length: GROUP_COLOURS }, (_, index) => colour(`group-${index + 1}`)),
  };
}
