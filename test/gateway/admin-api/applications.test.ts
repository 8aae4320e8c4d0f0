import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const EVERY_BOT = { name: "bots", decision: "non_identity" as const, include: [{ any_valid_service_token: {} }] };

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true });
});
afterEach(async () => it.close());

const apps = () => it.api.zeroTrust.access.applications;

/** The least that makes an application. Typed loosely: `origin` is a field of ours. */
function application(changes: object = {}) {
  const domain = `${it.host}/reports`;
  return { account_id, type: "self_hosted", name: "Reports", domain, origin: it.origin.url, ...changes } as never;
}

async function create(changes: object = {}): Promise<Readonly<Record<string, unknown>> & { id: string; aud: string }> {
  return (await apps().create(application(changes))) as never;
}

/** Status and body's reason of a request with the token's pair. */
async function visit(path: string): Promise<string> {
  const response = await fetch(it.url + path, {
    headers: { ...it.pair, accept: "application/json" },
    redirect: "manual",
  });
  const body = response.status === 200 ? "let in" : ((await response.json()) as { reason: string }).reason;
  return `${response.status} ${body}`;
}

async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { status, errors } = error as {
    status: number;
    errors: { code: number; message: string; source?: { pointer: string } }[];
  };
  return {
    status,
    codes: errors.map(({ code }) => code),
    text: errors.map(({ message }) => message).join("\n"),
    errors,
  };
}

describe("applications by the API", () => {
  test("are served as soon as the call returns, and gone as soon as they are deleted", async () => {
    expect(await visit("/reports/1")).toBe("200 let in");
    const made = await create();
    expect(await visit("/reports/1")).toBe("403 service_token_needs_service_auth");
    await apps().update(made.id, application({ policies: [EVERY_BOT] }));
    expect(await visit("/reports/1")).toBe("200 let in");
    expect(await apps().delete(made.id, { account_id })).toEqual({ id: made.id });
    expect(await refusal(apps().get(made.id, { account_id }))).toMatchObject({ status: 404 });
  });

  test("have an audience tag that never changes, and all fields of the API", async () => {
    const made = await create({ tags: ["a"], skip_interstitial: true, policies: [EVERY_BOT] });
    expect(made).toMatchObject({
      aud: expect.stringMatching(/^[0-9a-f]{64}$/),
      type: "self_hosted",
      domain: `${it.host}/reports`,
      destinations: [{ type: "public", uri: `${it.host}/reports` }],
      self_hosted_domains: [`${it.host}/reports`],
      session_duration: "24h",
      tags: ["a"],
      skip_interstitial: true,
      policies: [{ name: "bots", decision: "non_identity", precedence: 1, reusable: false }],
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    // What was read may be sent back as it is.
    const changed = await apps().update(made.id, { account_id, ...made, aud: "0".repeat(64), name: "New" } as never);
    expect(changed).toMatchObject({ aud: made.aud, name: "New", tags: ["a"], policies: made["policies"] });
  });
});
