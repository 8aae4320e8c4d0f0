import { readFileSync } from "node:fs";
import { App } from "@slack/bolt";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type { Services } from "../../bot/src/answering/services.ts";
import { registerListeners } from "../../bot/src/listeners/index.ts";

interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly slash_commands: readonly {
      readonly command: string;
      readonly url?: string;
      readonly should_escape: boolean;
    }[];
    readonly shortcuts: readonly { readonly callback_id: string }[];
    readonly app_home: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      readonly messages_tab_read_only_enabled: boolean;
    };
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[]; readonly request_url?: string };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly socket_mode_enabled: boolean;
  };
}

const read = (kind: string): Manifest =>
  parse(readFileSync(new URL(`../../bot/manifest.${kind}.yaml`, import.meta.url), "utf8")) as Manifest;

/** What each scope is for; one that nothing needs does not belong in the manifest. */
const SCOPES: Readonly<Record<string, string>> = {
  "app_mentions:read": "app_mention",
  "channels:read": "conversations.info",
  "chat:write": "answers",
  commands: "/stats, the shortcut",
  "groups:read": "conversations.info",
  "im:history": "message.im",
  "im:read": "conversations.info",
  "mpim:read": "conversations.info",
};

/** What the code registers with Bolt. */
function registered(): { commands: unknown[]; events: unknown[]; shortcuts: unknown[]; hasMessages: boolean } {
  const app = new App({ token: "xoxb-x", signingSecret: "x", deferInitialization: true });
  const calls = {
    command: vi.spyOn(app, "command"),
    event: vi.spyOn(app, "event"),
    shortcut: vi.spyOn(app, "shortcut"),
    message: vi.spyOn(app, "message"),
  };
  registerListeners(app, {} as Services, { allowSharedChannels: false });
  const first = (spy: { mock: { calls: unknown[][] } }): unknown[] => spy.mock.calls.map(([name]) => name);
  return {
    commands: first(calls.command),
    events: first(calls.event),
    shortcuts: first(calls.shortcut),
    hasMessages: calls.message.mock.calls.length > 0,
  };
}

describe.each(["socket", "http"])("manifest.%s.yaml", (kind) => {
  const manifest = read(kind);

  test("declares exactly what the code listens to", () => {
    const { commands, events, shortcuts, hasMessages } = registered();
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(commands);
    expect(manifest.features.shortcuts.map((shortcut) => shortcut.callback_id)).toEqual(shortcuts);
    expect(manifest.settings.event_subscriptions.bot_events.toSorted()).toEqual(
      [...events, ...(hasMessages ? ["message.im"] : [])].toSorted(),
    );
    expect(manifest.features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
  });

  test("asks for no scope that nothing needs", () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(Object.keys(SCOPES));
  });

  test("escapes mentions in the command's text and keeps Slack's lengths", () => {
    expect(manifest.features.slash_commands.every((command) => command.should_escape)).toBe(true);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  });

  test("says how events arrive", () => {
    const { settings, features } = manifest;
    const urls = [
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
      features.slash_commands[0]?.url,
    ];
    expect(settings.socket_mode_enabled).toBe(kind === "socket");
    expect(urls.map((url) => url?.endsWith("/slack/events"))).toEqual(
      kind === "http" ? [true, true, true] : [undefined, undefined, undefined],
    );
  });
});

test("the two manifests differ in how events arrive and in nothing else", () => {
  const bare = (manifest: Manifest): unknown =>
    JSON.parse(
      JSON.stringify(manifest, (key, value) =>
        ["url", "request_url", "socket_mode_enabled"].includes(key) ? undefined : value,
      ),
    );
  expect(bare(read("http"))).toEqual(bare(read("socket")));
});
