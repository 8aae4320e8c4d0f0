import type { Command } from "commander";
import type { ServiceTokens } from "../tokens/service-tokens.ts";
import { formatCreated, formatList, formatOne } from "./token-text.ts";
import { withStore } from "./with-store.ts";

const DESCRIPTIONS = {
  refresh: "give a token another term of its own duration, from now",
  enable: "enable a token, in force within a second",
  disable: "disable a token, in force within a second",
  delete: "delete a token, in force within a second",
} as const;

/** Adds `tokens create|list|rotate|refresh|enable|disable|delete`, which work on the gateway's database while it runs or not. */
export function addTokensCommand(program: Command): void {
  const tokens = program.command("tokens").description("service tokens: what bots carry instead of a login");
  tokens
    .command("create <name>")
    .description("make a token; its secret is shown this once")
    .option("--duration <duration>", "how long it lives: 8760h, 30m, forever", "8760h")
    .action((name: string, { duration }: { duration: string }) =>
      withTokens(async (store) => formatCreated(await store.create({ name, duration }))),
    );
  tokens
    .command("list")
    .description("all tokens: state, expiry, last use")
    .action(() => withTokens(async (store) => formatList(await store.list(), Date.now())));
  tokens
    .command("rotate <id>")
    .description("give a token a new secret; the old one stops at once, or at --overlap-until")
    .option("--overlap-until <instant>", "until when the old secret works too: 2026-12-01T00:00:00Z")
    .action((id: string, { overlapUntil }: { overlapUntil?: string }) => {
      const options = overlapUntil === undefined ? {} : { previousSecretExpiresAt: overlapUntil };
      return withTokens(async (store) => formatCreated(await store.rotate(id, options)));
    });
  for (const action of ["refresh", "enable", "disable", "delete"] as const) {
    tokens
      .command(`${action} <id>`)
      .description(DESCRIPTIONS[action])
      .action((id: string) => withTokens(async (store) => formatOne(await store[action](id), action)));
  }
}

function withTokens(work: (tokens: ServiceTokens) => Promise<string>): Promise<void> {
  return withStore(({ tokens }) => work(tokens));
}
