import { afterEach, beforeEach, expect, test } from "vitest";
import { createPostgresDatabase } from "../../support/postgres.ts";
import { openBrowser } from "../support/browser.ts";
import { type Link, openLink } from "../support/link.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";
import { describeOnPostgres } from "../support/stores.ts";

const GENEROUS = { timeout: 15_000, interval: 50 };

describeOnPostgres("people, while the gateway is without its Postgres", () => {
  let link: Link;
  let it: LoginSetup;
  beforeEach(async () => {
    link = await openLink(await createPostgresDatabase());
    it = await startWithLogin({ databaseUrl: link.url, storeGraceMs: 60_000, admin: true });
  });
  afterEach(async () => {
    link.restore();
    await it.close();
    await link.close();
  });

  const untilInGrace = () =>
    expect
      .poll(async () => (await fetch(`${it.adminUrl}/readyz`)).json(), GENEROUS)
      .toMatchObject({ checks: { store: { state: "grace" } } });

  test("who is logged in goes on working; who is not gets a page that says to try again, and can log in afterwards", async () => {
    const ada = openBrowser();
    await logInAs(ada, it.url, "ada");
    link.cut();
    await untilInGrace();
    expect((await ada.open(`${it.url}/reports`)).status).toBe(200);

    const grace = openBrowser();
    const page = await logInAs(grace, it.url, "grace");
    expect(page.status).toBe(503);
    expect(page.text).toContain("Nobody can be checked right now");

    link.restore();
    await expect.poll(async () => (await logInAs(openBrowser(), it.url, "grace")).status, GENEROUS).toBe(200);
    expect((await ada.open(`${it.url}/reports`)).status).toBe(200);
  });

  test("a session begun elsewhere is not called ended, for it cannot be asked for", async () => {
    const ada = openBrowser();
    await logInAs(ada, it.url, "ada");
    await it.restart();
    link.cut();
    await untilInGrace();
    const answer = await ada.open(`${it.url}/reports`);
    expect(answer.status).toBe(503);
    expect(answer.headers["content-type"]).toContain("text/html");
    link.restore();
    await expect.poll(async () => (await ada.open(`${it.url}/reports`)).status, GENEROUS).toBe(200);
  });
});
