import type { ComponentChildren, VNode } from "preact";
import { html } from "../html.ts";
import type { Resource } from "./resource.ts";

/** What a list says when it is empty: what these things are for, and how to make the first. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  return html`<div class="empty"><h2>${title}</h2>${children}</div>`;
}

/** A resource as it comes: room kept while it loads, its problem with a way on, then the content. */
export function Loaded<T>({ resource, children }: { resource: Resource<T>; children: (data: T) => ComponentChildren }) {
  const { data, problem, isLoading, reload } = resource;
  const trouble =
    problem &&
    html`<div class="problem" role="alert"><p>${problem.message}</p><button type="button" class="button" onClick=${reload}>Try again</button></div>`;
  if (data === undefined)
    return trouble ?? html`<div class="skeleton" role="status" aria-label="Loading"><i /><i /><i /></div>`;
  return html`<div class=${isLoading ? "loaded stale" : "loaded"} aria-busy=${isLoading}>${trouble}${children(data)}</div>`;
}

export function Badge({
  tone,
  children,
}: {
  tone: "good" | "warn" | "bad" | "quiet" | "accent";
  children?: ComponentChildren;
}): VNode {
  return html`<span class=${`badge ${tone}`}>${children}</span>`;
}
