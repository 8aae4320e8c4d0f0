import type {
  ActionsBlock,
  CardBlock,
  ContainerBlock,
  ContextActionsBlock,
  DataTableBlock,
  InputBlock,
  RichTextBlock,
  SectionBlock,
  TableBlock,
} from "@slack/types";
import type { VNode } from "preact";
import type { Block } from "../../model.ts";
import { Element } from "../elements/element.ts";
import type { Element as SlackElement } from "../elements/host.ts";
import { html } from "../html.ts";
import { Markdown } from "../text/text-view.ts";
import { Alert, type SlackAlert } from "./alert.ts";
import { Card } from "./card.ts";
import { Chart } from "./chart.ts";
import type { DataVisualization } from "./chart-option.ts";
import { Container } from "./container.ts";
import { Context, type SlackContext } from "./context-block.ts";
import { DataTable } from "./data-table.ts";
import { ImageBlock, type SlackImage } from "./image.ts";
import { Input } from "./input.ts";
import { RichText } from "./rich-text.ts";
import { Section } from "./section.ts";
import { Table } from "./table.ts";
import { plain, type TextObject } from "./text-object.ts";

export function Blocks({ blocks }: { blocks: readonly Block[] }): VNode {
  return html`<div class="blocks">${blocks.map((block) => html`<div class="block" key=${block.block_id}>${viewBlock(block)}</div>`)}</div>`;
}

function viewBlock(block: Block): VNode {
  switch (block.type) {
    case "section":
      return html`<${Section} block=${block as unknown as SectionBlock} />`;
    case "header":
      return html`<h3 class="block-header">${plain(block["text"] as TextObject)}</h3>`;
    case "divider":
      return html`<hr />`;
    case "context":
      return html`<${Context} block=${block as unknown as SlackContext} />`;
    case "actions":
    case "context_actions":
      return viewElements(block as unknown as ActionsBlock | ContextActionsBlock);
    case "image":
      return html`<${ImageBlock} block=${block as unknown as SlackImage} />`;
    case "markdown":
      return html`<${Markdown} text=${String(block["text"])} />`;
    case "input":
      return html`<${Input} block=${block as unknown as InputBlock} />`;
    case "alert":
      return html`<${Alert} block=${block as unknown as SlackAlert} />`;
    case "card":
      return html`<${Card} block=${block as unknown as CardBlock} />`;
    case "container":
      return viewContainer(block as unknown as ContainerBlock);
    default:
      return viewData(block);
  }
}

function viewData(block: Block): VNode {
  switch (block.type) {
    case "rich_text":
      return html`<${RichText} block=${block as unknown as RichTextBlock} />`;
    case "table":
      return html`<${Table} block=${block as unknown as TableBlock} />`;
    case "data_table":
      return html`<${DataTable} block=${block as unknown as DataTableBlock} />`;
    case "data_visualization":
      return html`<${Chart} block=${block as unknown as DataVisualization} />`;
    default:
      return html`<p class="unsupported">A ${block.type} block is not shown here.</p>`;
  }
}

function viewElements({ type, block_id: blockId = "", elements }: ActionsBlock | ContextActionsBlock): VNode {
  const views = (elements as unknown as SlackElement[]).map(
    (element) => html`<${Element} key=${element.action_id} blockId=${blockId} element=${element} />`,
  );
  return html`<div class=${type === "actions" ? "actions" : "context-actions"}>${views}</div>`;
}

function viewContainer(block: ContainerBlock): VNode {
  const children = (block.child_blocks as unknown as Block[]).map(
    (child) => html`<div class="block" key=${child.block_id}>${viewBlock(child)}</div>`,
  );
  return html`<${Container} block=${block}>${children}<//>`;
}
