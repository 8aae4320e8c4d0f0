import type { ResolvedConfig } from "./config.ts";
import type { Channel, Person } from "./model.ts";

/** Who and what exists in the workspace, under ids in Slack's form that are the same at every start. */
export interface Identities {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly appId: string;
  readonly bot: { readonly id: string; readonly botId: string; readonly name: string };
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  person(id: string): Person | undefined;
  channel(id: string): Channel | undefined;
  /** A person's direct messages with the bot. */
  directChannel(personId: string): Channel | undefined;
}

export function createIdentities(config: ResolvedConfig): Identities {
  const people = config.people.map((person): Person => {
    const { name, realName, email, title = "", timeZone = "UTC" } = person;
    return { id: `U0${name.toUpperCase()}`, name, realName, email, title, timeZone };
  });
  const channels = [...config.channels.map(publicChannel), ...people.map((person) => direct(person, config.botName))];
  const handle = config.botName.toUpperCase();
  return {
    team: { id: "T0GATEHOUSE", name: config.team, domain: "local" },
    appId: `A0${handle}`,
    bot: { id: `U0BOT${handle}`, botId: `B0${handle}`, name: config.botName },
    people,
    channels,
    person: (id) => people.find((person) => person.id === id),
    channel: (id) => channels.find((channel) => channel.id === id),
    directChannel: (personId) => channels.find((channel) => channel.personId === personId),
  };
}

function publicChannel({ name, topic = "", isShared = false }: ResolvedConfig["channels"][number]): Channel {
  return { id: `C0${name.toUpperCase()}`, name, kind: "channel", topic, isShared };
}

function direct(person: Person, botName: string): Channel {
  const topic = `Only you and ${botName}`;
  return {
    id: `D0${person.name.toUpperCase()}`,
    name: botName,
    kind: "im",
    topic,
    isShared: false,
    personId: person.id,
  };
}
