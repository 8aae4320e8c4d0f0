import type { Request } from "express";
import type { z } from "zod";
import type { Identities } from "../identities.ts";
import type { Channel, Message, Person, View } from "../model.ts";

/** A request of the page that cannot be served, with its HTTP status. */
export class Rejection extends Error {
  override readonly name = "Rejection";
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

export function bodyOf<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  return parsed(schema, request.body);
}

export function queryOf<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  return parsed(schema, request.query);
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new Rejection(400, issues.join("; "));
}

export function personNamed(id: string, identities: Identities): Person {
  return found(identities.person(id), "No such person here.");
}

/** A channel that the person may read: any public one, and their own direct messages. */
export function channelFor(person: Person, id: string, identities: Identities): Channel {
  const channel = identities.channel(id);
  const isVisible = channel?.personId === undefined || channel.personId === person.id;
  return found(isVisible ? channel : undefined, "No such channel here.");
}

export function messageFor(person: Person, message: Message | undefined): Message {
  const isVisible = message?.onlyFor === undefined || message.onlyFor === person.id;
  return found(isVisible ? message : undefined, "That message is gone.");
}

export function viewFor(person: Person, view: View | undefined): View {
  return found(view?.personId === person.id ? view : undefined, "That window is closed already.");
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Rejection(404, otherwise);
  return value;
}
