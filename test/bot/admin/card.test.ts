import { describe, expect, test } from "vitest";
import { adminCard } from "../../../bot/src/admin/card.ts";
import {
  adminsOnlyMessage,
  rotatedBanner,
  rotatingMessage,
  stoppedBanner,
} from "../../../bot/src/admin/card-messages.ts";
import type { AdminFacts, TokenFacts } from "../../../bot/src/admin/facts.ts";
import { expectWithinLimits, markupOf } from "../support/limits.ts";

const NOW_MS = Date.parse("2026-11-24T12:00:00Z");
const token = {
  id: "f174e90a-fafe-4643-bbbc-4a0ed4fc8415",
  client_id: `${"3f2a91".padEnd(28, "0")}c04b.access`,
  name: "stats bot",
  enabled: true,
  expires_at: "2027-11-24T12:00:00Z",
  client_secret_version: 3,
};
const known: TokenFacts = { kind: "known", token };
const origin = {
  origin: "https://stats.example.com",
  mode: "exchange" as const,
  expiresAtMs: NOW_MS + 11 * 3_600_000,
  exchangedAtMs: NOW_MS - 12 * 60_000,
  credentialExpiresAt: "2027-11-24T12:00:00Z",
  lastError: null,
};
const access = { hits: 1_204, exchanges: 3, exchangeFailures: 0, replays: 0, rotations: 0, origins: [origin] };
const good: AdminFacts = {
  nowMs: NOW_MS,
  clientId: token.client_id,
  token: known,
  access,
  gateway: { kind: "up", elapsedMs: 4.2 },
  data: { kind: "up", elapsedMs: 9, newestEventAt: "2026-11-24T11:58:00Z" },
  rotation: { kind: "ready" },
};
const textOf = (facts: Partial<AdminFacts>): string => markupOf(adminCard({ ...good, ...facts })).join("\n");
const buttonsOf = (facts: Partial<AdminFacts>): string[] =>
  [...JSON.stringify(adminCard({ ...good, ...facts })).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id ?? "");

describe("the admins' card", () => {
  test("says what there is to know of a token that is well", () => {
    const text = textOf({});
    for (const part of [
      "🟢 *All is well.*",
      "*Expires*\nin 1 year\n<!date^1827057600^{date_short}, {time}|24 Nov 2027, 12:00 UTC>",
      "*Secret*\nversion 3",
      "*Last exchange*\n12 minutes ago\nits JWT ends in 11 hours",
      "*Cache hit rate*\n99.8 %\n1,204 hits, 3 exchanges",
      "*Gateway*\n✓ lets me in\nanswered in 4 ms",
      "*Data*\n✓ newest event 2 minutes ago\nanswered in 9 ms",
      "`3f2a91…c04b.access`",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain(token.client_id);
  });

  test("reads well without its blocks", () => {
    expect(adminCard(good).text).toMatch(
      /^Service token “stats bot”\. \*All is well\.\*\nExpires: in 1 year\nSecret: version 3\n/,
    );
  });

  test.each<readonly [string, Partial<AdminFacts>, string]>([
    [
      "a token that is disabled",
      { token: { kind: "known", token: { ...token, enabled: false } } },
      `🔴 *The token is disabled.* Enable it: \`npm run admin -- tokens enable ${token.client_id}\`.`,
    ],
    [
      "a gateway that refuses",
      { gateway: { kind: "down", problem: "It <refused>." }, data: { kind: "not_asked" } },
      "🔴 *The gateway does not let me in*",
    ],
    [
      "a gateway that is away",
      { gateway: { kind: "unreachable", problem: "ECONNREFUSED" }, data: { kind: "not_asked" } },
      "🔴 *I cannot get through the gateway right now*",
    ],
    ["an app that fails", { data: { kind: "down", problem: "502" } }, "🔴 *The statistics app does not answer me*"],
    [
      "a token in its last month",
      { token: { kind: "known", token: { ...token, expires_at: "2026-12-20T12:00:00Z" } } },
      "🟠 *The token ends soon.*",
    ],
    [
      "an API that is away",
      { token: { kind: "unknown", problem: "The admin API cannot be reached." } },
      "🟠 *I work, but cannot look the token up.* The admin API cannot be reached.",
    ],
    [
      "a rotation that is not over",
      { rotation: { kind: "ready", unfinishedSince: "2026-11-24T11:00:00Z" } },
      "🟠 *A rotation was begun and not finished.*",
    ],
    [
      "a failed exchange",
      {
        access: {
          ...access,
          origins: [{ ...origin, lastError: { code: "ERR_ACCESS_EXCHANGE_FAILED", message: "It broke.", atMs: 0 } }],
        },
      },
      "🟠 *I work, but the last exchange failed.* It broke.",
    ],
  ])("leads with %s", (_, facts, verdict) => expect(textOf(facts)).toContain(verdict));

  test.each<readonly [string, Partial<AdminFacts>, string]>([
    ["without an API token", { token: { kind: "unconfigured" } }, "version not known: that needs an API token"],
    ["how to get one", { token: { kind: "unconfigured" } }, "set `CLOUDFLARE_API_TOKEN`"],
    [
      "with an API that fails",
      { token: { kind: "unknown", problem: "no" } },
      "version not known: the admin API did not tell",
    ],
    ["before the first request", { access: { ...access, hits: 0, exchanges: 0, origins: [] } }, "no request yet"],
    [
      "before the first exchange",
      { access: { ...access, origins: [{ ...origin, exchangedAtMs: null, mode: "none" }] } },
      "none yet",
    ],
    [
      "where nobody tells the end",
      { token: { kind: "unconfigured" }, access: { ...access, origins: [{ ...origin, credentialExpiresAt: null }] } },
      "not known: this gateway does not tell me",
    ],
    [
      "of data behind a closed gate",
      { gateway: { kind: "down", problem: "x" }, data: { kind: "not_asked" } },
      "not known while nothing gets through the gateway",
    ],
    ["of an app without events", { data: { kind: "up", elapsedMs: 1, newestEventAt: null } }, "no event yet"],
    ["for ever", { token: { kind: "known", token: { ...token, expires_at: null } } }, "*Expires*\nnever"],
    [
      "in strict mode",
      { access: { ...access, origins: [{ ...origin, mode: "pair", expiresAtMs: null }] } },
      "the gateway wants the pair each time",
    ],
  ])("has a sentence for what is not known: %s", (_, facts, sentence) => expect(textOf(facts)).toContain(sentence));

  test("tells the end by the gateway's header where no API was asked", () => {
    expect(textOf({ token: { kind: "unconfigured" } })).toContain("*Expires*\nin 1 year");
  });

  test("tells until when the secret before works, and who still uses it", () => {
    const secrets = [
      { version: 3, created_at: "", expires_at: null, last_seen_at: null },
      { version: 2, created_at: "", expires_at: "2026-11-25T11:00:00Z", last_seen_at: "2026-11-24T11:59:00Z" },
    ];
    const facts = { token: { kind: "known" as const, token: { ...token, client_secrets: secrets } } };
    expect(textOf(facts)).toContain("the one before ends in 23 hours, last used 1 minute ago");
    const over = {
      token: { kind: "known" as const, token: { ...token, previous_client_secret_expires_at: "2026-11-24T11:59:59Z" } },
    };
    expect(textOf(over)).not.toContain("the one before");
  });

  test("has the button only where a rotation can be done, with the version that it shows", () => {
    expect(buttonsOf({})).toEqual(["admin_refresh", "admin_rotate"]);
    expect(JSON.stringify(adminCard(good))).toContain('"value":"3"');
    expect(buttonsOf({ rotation: { kind: "off", why: "no" } })).toEqual(["admin_refresh"]);
    expect(buttonsOf({ token: { kind: "unknown", problem: "no" } })).toEqual(["admin_refresh"]);
  });

  test("keeps Slack's limits and harms nobody, whatever the token is called and the API says", () => {
    const name = `<!channel> <https://evil.example|x> & ${"🧨".repeat(200)}`;
    for (const facts of [
      good,
      { ...good, token: { kind: "known" as const, token: { ...token, name } } },
      { ...good, token: { kind: "unknown" as const, problem: name.repeat(30) } },
      { ...good, gateway: { kind: "down" as const, problem: name.repeat(30) } },
      { ...good, rotation: { kind: "off" as const, why: name.repeat(30) } },
      { ...good, clientId: name },
    ]) {
      const message = adminCard(facts, stoppedBanner(name));
      expectWithinLimits(message);
      expect(markupOf(message).join("\n")).not.toMatch(/<(?!!date\^)/);
    }
  });
});

describe("what is said around it", () => {
  test("keeps Slack's limits", () => {
    for (const message of [
      rotatingMessage(),
      adminsOnlyMessage([]),
      adminsOnlyMessage(Array(500).fill("U0123456789")),
    ]) {
      expectWithinLimits(message);
    }
    expect(adminsOnlyMessage(["U1", "U2"]).text).toContain("<@U1> or <@U2>");
    expect(adminsOnlyMessage([]).text).toContain("BOT_ADMINS");
  });

  test("a rotation that somebody else was faster with is told as such", () => {
    expect(rotatedBanner({ kind: "rotated_before" }, "U1").text).toContain("Nothing was done");
    expect(rotatedBanner({ kind: "rotated", isInUse: true }, "U1").text).toContain("I use it already");
    expect(rotatedBanner({ kind: "rotated", isInUse: false }, "U1").text).toContain("not taken it up yet");
  });
});
