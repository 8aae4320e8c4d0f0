import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { expect } from "vitest";
import { type AdminApi, createAdminApi } from "../../../admin/src/api/admin-api.ts";
import type { ApiServiceToken } from "../../../admin/src/api/service-token.ts";
import { type Journal, journalFolder, openJournal } from "../../../admin/src/rotation/journal.ts";
import { proveByRequest } from "../../../admin/src/rotation/prove.ts";
import { type RotationDeps, type RotationPlan, rotate } from "../../../admin/src/rotation/rotate.ts";
import type { Pair, Sink } from "../../../admin/src/sinks/sink.ts";
import { startGateway, type TestGateway } from "../../gateway/support/gateway.ts";

export const HOUR_MS = 3_600_000;

/** Stands for the machine that dies between two steps. */
export class Crash extends Error {}

interface Changes {
  readonly plan?: Partial<RotationPlan>;
  readonly deps?: Partial<RotationDeps>;
}

/** A gateway, a bot that holds a service token of it, and a machine that rotates it. */
export class RotationScene {
  readonly gateway: TestGateway;
  /** Where the journals are. */
  readonly folder = mkdtempSync(join(tmpdir(), "gatehouse-rotation-"));
  readonly api: AdminApi;
  readonly token: ApiServiceToken;
  /** What the bot holds: the sink's content. */
  held: Pair;
  readonly sink: Sink;
  readonly #dispatcher: Agent;
  /** When each version of the secret was used last, and which version a secret is. */
  readonly #uses = new Map<number, string>();
  readonly #versions: Map<string, number>;

  private constructor(gateway: TestGateway, api: AdminApi, token: ApiServiceToken, dispatcher: Agent) {
    const { clientId, clientSecret } = gateway.token;
    this.gateway = gateway;
    this.#dispatcher = dispatcher;
    this.#versions = new Map([[clientSecret, 1]]);
    this.api = this.#watched(api);
    this.token = token;
    this.held = { clientId, clientSecret };
    this.sink = {
      name: "the bot",
      check: async () => undefined,
      write: async (pair) => {
        this.held = pair;
      },
    };
  }

  static async open(): Promise<RotationScene> {
    const gateway = await startGateway({ admin: true });
    const dispatcher = new Agent();
    const settings = { baseUrl: `${gateway.adminUrl}/client/v4`, accountId: "a", apiToken: gateway.apiToken };
    const api = createAdminApi(settings, { dispatcher, sleep: async () => undefined });
    return new RotationScene(gateway, api, await api.getToken(gateway.token.id), dispatcher);
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
    await this.gateway.close();
    rmSync(this.folder, { recursive: true });
  }

  setUp(changes: Changes = {}) {
    const lines: string[] = [];
    const journal = openJournal(this.gateway.adminUrl, journalFolder({ XDG_STATE_HOME: this.folder }));
    const plan: RotationPlan = {
      token: this.token,
      overlapMs: HOUR_MS,
      sink: this.sink,
      verifyUrl: new URL(`${this.gateway.url}/`),
      waits: false,
      quietMs: 60_000,
      ...changes.plan,
    };
    const deps: RotationDeps = {
      api: this.api,
      journal,
      prove: proveByRequest,
      now: () => this.gateway.clock.nowMs,
      sleep: async () => undefined,
      say: (line) => lines.push(line),
      ...changes.deps,
    };
    return { plan, deps, lines, journal };
  }

  /** A journal of another machine's. */
  elsewhere(): Journal {
    return openJournal(this.gateway.adminUrl, join(this.folder, "elsewhere"));
  }

  journals(): string[] {
    const where = join(this.folder, "gatehouse");
    return readdirSync(where)
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFileSync(join(where, name), "utf8"));
  }

  async version(): Promise<number | undefined> {
    return (await this.api.getToken(this.token.id)).client_secret_version;
  }

  async botStatus(): Promise<number> {
    const { clientId, clientSecret } = this.held;
    const headers = { "CF-Access-Client-Id": clientId, "CF-Access-Client-Secret": clientSecret };
    return (await fetch(`${this.gateway.url}/`, { headers, redirect: "manual" })).status;
  }

  /** The bot is let in, and seen. */
  async botAsks(): Promise<void> {
    expect(await this.botStatus()).toBe(200);
    const version = this.#versions.get(this.held.clientSecret) ?? 0;
    this.#uses.set(version, new Date(this.gateway.clock.nowMs).toISOString());
  }

  /** Rotates, and finds the bot let in just before the new secret is written, and after. */
  async rotateWithoutALockOut(): Promise<void> {
    let whileRotating = 0;
    const checking: Sink = {
      ...this.sink,
      write: async (pair) => {
        whileRotating = await this.botStatus();
        await this.sink.write(pair);
      },
    };
    const { plan, deps } = this.setUp({ plan: { sink: checking } });
    await rotate(plan, deps);
    expect(whileRotating).toBe(200);
    expect(await this.botStatus()).toBe(200);
  }

  /** Dies between the API's answer and the journal: the new secret is lost. */
  dyingApi(): AdminApi {
    const rotateToken: AdminApi["rotateToken"] = async (...args) => {
      await this.api.rotateToken(...args);
      throw new Crash();
    };
    return { ...this.api, rotateToken };
  }

  /** The gateway's own clock, and each use by the bot as soon as it was made: the real API tells of both some seconds later. */
  #watched(real: AdminApi): AdminApi {
    return {
      ...real,
      serverNowMs: () => this.gateway.clock.nowMs,
      rotateToken: async (...args) => {
        const rotated = await real.rotateToken(...args);
        this.#versions.set(rotated.client_secret, rotated.client_secret_version ?? 0);
        return rotated;
      },
      getToken: async (id) => {
        const found = await real.getToken(id);
        const secrets = found.client_secrets?.map((secret) => ({
          ...secret,
          last_seen_at: this.#uses.get(secret.version) ?? null,
        }));
        return { ...found, ...(secrets && { client_secrets: secrets }) };
      },
    };
  }
}
