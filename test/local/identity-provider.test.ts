import { createLogger } from "@gatehouse/service";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createIdentityProvider, type LocalIdentityProvider } from "../../local/identity-provider.ts";
import { freePort } from "../gateway/support/gateway.ts";
import { rawRequest, sendRaw } from "../gateway/support/raw-request.ts";

const logger = createLogger({ app: "identity-provider", level: "silent" });
const clients = [
  { clientId: "gateway", clientSecret: "s", redirectUris: ["http://localhost:1/cb"], postLogoutRedirectUris: [] },
];

let provider: LocalIdentityProvider | undefined;
afterEach(() => provider?.close());

async function start(): Promise<LocalIdentityProvider> {
  provider = await createIdentityProvider({ port: await freePort(), clients, logger });
  await provider.listen();
  return provider;
}

describe("the local identity provider", () => {
  test("listens on loopback only", async () => {
    const start = createIdentityProvider({ host: "0.0.0.0", clients, logger });
    await expect(start).rejects.toThrow("the local identity provider listens on loopback only, not on 0.0.0.0");
  });

  test("starts without a word on the terminal, and describes itself", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const info = vi.spyOn(console, "info").mockImplementation(() => undefined);
    const { issuer } = await start();
    expect([warn.mock.calls, info.mock.calls]).toEqual([[], []]);
    warn.mockRestore();
    info.mockRestore();
    const described = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(described).toMatchObject({ issuer, end_session_endpoint: `${issuer}/session/end` });
  });

  test("sends nobody anywhere but to the addresses of its clients", async () => {
    const { issuer } = await start();
    const query = "client_id=gateway&response_type=code&scope=openid&redirect_uri=http://evil.example/";
    const answer = await fetch(`${issuer}/auth?${query}`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    expect(await answer.text()).toContain("This login did not work");
  });

  test.each([
    ["a rebound name", "/auth", () => "evil.example"],
    ["no name", "/auth", () => ""],
    ["a target that is no path", "http://[::1/", (own: string) => own],
  ])("answers under its own address only: %s is refused", async (_case, target, hostFor) => {
    const { port, host } = new URL((await start()).issuer);
    const answer = await sendRaw(Number(port), rawRequest(target, [`Host: ${hostFor(host)}`]));
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("answers only at http://127.0.0.1:")]);
  });

  test("answers a login that is not under way with a sentence", async () => {
    const { issuer } = await start();
    const answer = await fetch(`${issuer}/login/unknown`);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("This login has ended.")]);
  });
});
