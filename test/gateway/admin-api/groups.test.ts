import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { refusalOf } from "../support/refusal.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const ROBOTS = { account_id, name: "robots", include: [{ any_valid_service_token: {} }] };
const STAFF = { account_id, name: "staff", include: [{ email_domain: { domain: "acme.example" } }] };

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

const groups = () => it.api.zeroTrust.access.groups;

async function createApp(path: string, groupId: string, decision = "non_identity") {
  const policies = [{ name: "by group", decision, include: [{ group: { id: groupId } }] }];
  const fields = { type: "self_hosted", name: path, domain: it.host + path, origin: it.origin.url, policies };
  return it.api.zeroTrust.access.applications.create({ account_id, ...fields } as never);
}

async function visit(path: string): Promise<number> {
  return (await fetch(it.url + path, { headers: it.pair })).status;
}

describe("groups", () => {
  test("are made, read, listed, replaced and deleted", async () => {
    const made = await groups().create(STAFF as never);
    expect(made).toMatchObject({ name: "staff", include: STAFF.include, require: [], exclude: [] });
    const replaced = await groups().update(made.id ?? "", {
      ...STAFF,
      name: "people",
      require: [{ everyone: {} }],
    } as never);
    expect(replaced).toMatchObject({ id: made.id, name: "people", require: [{ everyone: {} }] });
    expect(await groups().update(made.id ?? "", STAFF as never)).toMatchObject({ require: [] });
    expect(await groups().get(made.id ?? "", { account_id })).toMatchObject({ name: "staff" });
    const { result } = await groups().list({ account_id, name: "staff" });
    expect(result).toHaveLength(1);
    expect((await groups().list({ account_id, page: 9 })).result).toEqual([]);
    expect(await groups().delete(made.id ?? "", { account_id })).toEqual({ id: made.id });
    expect(await refusalOf(groups().get(made.id ?? "", { account_id }))).toMatchObject({ status: 404 });
  });

  test("decide where a policy names them, and a change is in force when the call returns", async () => {
    const made = await groups().create(ROBOTS as never);
    await createApp("/decide", made.id ?? "");
    expect(await visit("/decide")).toBe(200);
    await groups().update(made.id ?? "", {
      ...ROBOTS,
      exclude: [{ service_token: { token_id: it.token.id } }],
    } as never);
    expect(await visit("/decide")).toBe(403);
  });

  test("may hold groups, but not themselves", async () => {
    const inner = await groups().create(ROBOTS as never);
    const outer = await groups().create({ ...ROBOTS, name: "outer", include: [{ group: { id: inner.id } }] } as never);
    await createApp("/nested", outer.id ?? "");
    expect(await visit("/nested")).toBe(200);
    const round = { ...ROBOTS, include: [{ group: { id: outer.id } }] };
    expect(await refusalOf(groups().update(inner.id ?? "", round as never))).toMatchObject({
      status: 400,
      text: expect.stringContaining("names a group that is not there, or that cannot be used"),
    });
    expect(await visit("/nested")).toBe(200);
  });

  test("are held five deep at most", async () => {
    let { id } = await groups().create(ROBOTS as never);
    for (let depth = 2; depth <= 5; depth += 1) {
      ({ id } = await groups().create({ ...ROBOTS, include: [{ group: { id } }] } as never));
    }
    expect(await refusalOf(groups().create({ ...ROBOTS, include: [{ group: { id } }] } as never))).toMatchObject({
      status: 400,
      text: expect.stringContaining("more than 5 deep"),
    });
  });

  test("that hide a service token do not work in an Allow policy", async () => {
    const made = await groups().create(ROBOTS as never);
    expect(await refusalOf(createApp("/hidden", made.id ?? "", "allow"))).toMatchObject({
      status: 400,
      text: expect.stringMatching(
        /in the group robots: a service token has no identity.*send the bot to the login page/,
      ),
    });
  });

  test("cannot be changed so that a policy would stop working", async () => {
    const made = await groups().create(STAFF as never);
    await createApp("/people", made.id ?? "", "allow");
    expect(await refusalOf(groups().update(made.id ?? "", ROBOTS as never))).toMatchObject({
      status: 400,
      text: expect.stringContaining('would break the policy "by group"'),
    });
    expect(await groups().get(made.id ?? "", { account_id })).toMatchObject({ name: "staff" });
  });

  test("are not deleted while something names them", async () => {
    const made = await groups().create(ROBOTS as never);
    const outer = await groups().create({ ...ROBOTS, name: "outer", include: [{ group: { id: made.id } }] } as never);
    await createApp("/used", made.id ?? "");
    const { status, text } = await refusalOf(groups().delete(made.id ?? "", { account_id }));
    expect(status).toBe(400);
    expect(text).toContain('in use by policy "by group", group "outer"');
    expect(await groups().delete(outer.id ?? "", { account_id })).toEqual({ id: outer.id });
  });
});
