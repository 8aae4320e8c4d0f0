import { z } from "zod";
import type { Identities } from "../identities.ts";
import type { Person } from "../model.ts";
import { SlackFailure } from "./failure.ts";
import { type Methods, method } from "./method.ts";

/** https://docs.slack.dev/reference/methods?family=users, and what tells the app who it is. */
export const peopleMethods: Methods = {
  "auth.test": method({}, (_args, { identities: { team, bot }, baseUrl }) => ({
    url: `${baseUrl()}/`,
    team: team.name,
    user: bot.name,
    team_id: team.id,
    user_id: bot.id,
    bot_id: bot.botId,
    is_enterprise_install: false,
  })),

  "team.info": method({}, (_args, { identities: { team } }) => ({
    team: { id: team.id, name: team.name, domain: team.domain, email_domain: "", icon: {} },
  })),

  "users.info": method({ user: z.string() }, ({ user }, { identities }) => {
    if (user === identities.bot.id) return { user: botUser(identities) };
    const person = identities.person(user);
    if (person === undefined) throw new SlackFailure("user_not_found");
    return { user: toSlackUser(person, identities) };
  }),

  "users.list": method({}, (_args, { identities }) => ({
    members: [...identities.people.map((person) => toSlackUser(person, identities)), botUser(identities)],
    response_metadata: { next_cursor: "" },
  })),

  "users.lookupByEmail": method({ email: z.string() }, ({ email }, { identities }) => {
    const person = identities.people.find((one) => one.email.toLowerCase() === email.toLowerCase());
    if (person === undefined) throw new SlackFailure("users_not_found");
    return { user: toSlackUser(person, identities) };
  }),
};

function toSlackUser({ id, name, realName, email, title, timeZone }: Person, { team }: Identities): object {
  return {
    id,
    team_id: team.id,
    name,
    real_name: realName,
    deleted: false,
    is_bot: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    tz: timeZone,
    profile: { real_name: realName, display_name: name, email, title, team: team.id },
  };
}

function botUser({ bot, team, appId }: Identities): object {
  const profile = { real_name: bot.name, display_name: bot.name, bot_id: bot.botId, api_app_id: appId };
  return { id: bot.id, team_id: team.id, name: bot.name, real_name: bot.name, deleted: false, is_bot: true, profile };
}
