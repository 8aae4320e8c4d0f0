import express, { type NextFunction, type Request, type Response, type Router } from "express";
import type { FaultBox } from "../app/faults.ts";
import {
  closeView,
  type InteractionsDeps,
  submitView,
  useMessageElement,
  useViewElement,
} from "../app/interactions.ts";
import { toSlackView } from "../app/slack-view.ts";
import type { Sockets } from "../app/sockets.ts";
import type { Person, WorkspaceState } from "../model.ts";
import type { FileStore } from "../store/file-store.ts";
import type { MessageStore } from "../store/message-store.ts";
import { bodyOf, channelFor, messageFor, personNamed, queryOf, Rejection, viewFor } from "./rejection.ts";
import * as requests from "./requests.ts";
import { sendCommand, sendMessage, type TypingDeps } from "./typing.ts";

export type PeopleRoutesDeps = TypingDeps &
  InteractionsDeps & {
    readonly messages: MessageStore;
    readonly files: FileStore;
    readonly sockets: Sockets;
    readonly faults: FaultBox;
  };

const PAGE_SIZE = 60;

/** The page's own API: what a person reads and does. Every answer is JSON; a refusal has `error` in words. */
export function createPeopleRoutes(deps: PeopleRoutesDeps): Router {
  const router = express.Router();
  router.use(express.json({ limit: "256kb" }));
  addReading(router, deps);
  addWriting(router, deps);
  addInteracting(router, deps);
  addFaults(router, deps);
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof Rejection)) return next(error);
    response.status(error.status).json({ error: error.message });
  });
  return router;
}

function addReading(router: Router, deps: PeopleRoutesDeps): void {
  const { identities, messages } = deps;
  router.get("/state", (request, response) => {
    const { as } = queryOf(requests.stateQuery, request);
    response.json(stateFor(personNamed(as, identities), deps));
  });
  router.get("/people", (_request, response) => {
    response.json({ people: identities.people });
  });
  router.get("/messages", (request, response) => {
    const { as, channel, before } = queryOf(requests.messagesQuery, request);
    const { id } = channelFor(personNamed(as, identities), channel, identities);
    response.json({ messages: messages.ofChannel(id, { limit: PAGE_SIZE, ...(before !== undefined && { before }) }) });
  });
  router.get("/thread", (request, response) => {
    const { as, channel, ts } = queryOf(requests.threadQuery, request);
    const { id } = channelFor(personNamed(as, identities), channel, identities);
    response.json({ messages: messages.ofThread(id, ts) });
  });
  router.get("/files/:id", (request, response) => {
    const file = deps.files.find(String(request.params["id"]));
    const content = deps.files.content(String(request.params["id"]));
    if (file === undefined || content === undefined) throw new Rejection(404, "No such file here.");
    const isPicture = file.mimeType === "image/png" || file.mimeType === "image/jpeg";
    if (!isPicture) response.attachment(file.name);
    response.type(file.mimeType).send(Buffer.from(content));
  });
}

function stateFor(me: Person, deps: PeopleRoutesDeps): WorkspaceState {
  const { team, people, bot, channels } = deps.identities;
  const visible = channels.filter(({ personId }) => personId === undefined || personId === me.id);
  const latest = Object.entries(deps.messages.latest()).filter(([id]) => visible.some((channel) => channel.id === id));
  return {
    team: { id: team.id, name: team.name },
    me,
    people,
    bot: { id: bot.id, name: bot.name },
    channels: visible,
    commands: deps.config.commands,
    examples: deps.config.examples,
    sockets: deps.sockets.count(),
    readMarks: deps.messages.readMarks(me.id),
    latest: Object.fromEntries(latest),
    home: deps.views.home(me.id) ?? null,
    views: deps.views.stack(me.id),
  };
}

function addWriting(router: Router, deps: PeopleRoutesDeps): void {
  const { identities, messages } = deps;
  router.post("/messages", (request, response) => {
    const { as, channel, text, threadTs } = bodyOf(requests.postBody, request);
    const person = personNamed(as, identities);
    const place = channelFor(person, channel, identities);
    const parent = threadTs === undefined ? undefined : messageFor(person, deps.chat.find(place.id, threadTs));
    const message = sendMessage(person, place, text, parent?.threadTs ?? parent?.ts, deps);
    messages.markRead(person.id, place.id, message.ts);
    response.json({ message });
  });
  router.post("/commands", async (request, response) => {
    const { as, channel, text } = bodyOf(requests.commandBody, request);
    const person = personNamed(as, identities);
    const failure = await sendCommand(person, channelFor(person, channel, identities), text, deps);
    response.json(failure === undefined ? {} : { failure });
  });
  router.post("/reads", (request, response) => {
    const { as, channel, ts } = bodyOf(requests.readBody, request);
    const person = personNamed(as, identities);
    messages.markRead(person.id, channelFor(person, channel, identities).id, ts);
    response.json({});
  });
  router.post("/reactions", (request, response) => {
    const { as, channel, ts, name, isAdded } = bodyOf(requests.reactionBody, request);
    const person = personNamed(as, identities);
    const message = messageFor(person, deps.chat.find(channelFor(person, channel, identities).id, ts));
    if (deps.chat.react(message, name, person.id, isAdded)) deps.events.reactionChanged(message, name, person, isAdded);
    response.json({});
  });
}

function addInteracting(router: Router, deps: PeopleRoutesDeps): void {
  const { identities, views } = deps;
  router.post("/uses", async (request, response) => {
    const body = bodyOf(requests.useBody, request);
    const person = personNamed(body.as, identities);
    if ("viewId" in body) {
      response.json(await useViewElement(person, viewFor(person, views.find(body.viewId)), body.use, deps));
      return;
    }
    const channel = channelFor(person, body.channel, identities);
    const message = messageFor(person, deps.chat.find(channel.id, body.ts));
    response.json(await useMessageElement(person, channel, message, body.use, deps));
  });
  router.post("/submissions", async (request, response) => {
    const { as, viewId, state } = bodyOf(requests.submissionBody, request);
    const person = personNamed(as, identities);
    response.json(await submitView(person, viewFor(person, views.find(viewId)), state, deps));
  });
  router.post("/closings", async (request, response) => {
    const { as, viewId } = bodyOf(requests.closingBody, request);
    const person = personNamed(as, identities);
    await closeView(person, viewFor(person, views.find(viewId)), deps);
    response.json({});
  });
  router.post("/openings", (request, response) => {
    const { as, tab } = bodyOf(requests.openingBody, request);
    const person = personNamed(as, identities);
    const home = views.home(person.id);
    const channelId = identities.directChannel(person.id)?.id ?? "";
    deps.events.homeOpened(person, tab, channelId, home && toSlackView(home, identities));
    response.json({});
  });
}

function addFaults(router: Router, { faults, sockets }: PeopleRoutesDeps): void {
  router.post("/faults", (request, response) => {
    const { name } = bodyOf(requests.faultBody, request);
    if (name === "disconnect") sockets.disconnect("refresh_requested");
    else faults.add(name);
    response.json(faults.list());
  });
  router.get("/faults", (_request, response) => {
    response.json(faults.list());
  });
}
