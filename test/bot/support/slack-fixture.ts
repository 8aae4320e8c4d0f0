import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen } from "@gatehouse/service";

interface SlackCall {
  /** `chat.postMessage`, or `respond` for a response URL. */
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Slack's Web API in small: records every call and answers as told. */
export interface SlackFixture {
  readonly apiUrl: string;
  readonly responseUrl: string;
  readonly calls: SlackCall[];
  /** The calls of one method, in order. */
  callsOf(method: string): SlackCall[];
  /** Answers of a method, in turn; the last one stays. A status other than 200 goes with it. */
  answer(method: string, ...answers: readonly SlackReply[]): void;
  close(): Promise<void>;
}

interface SlackReply {
  readonly body: object;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEFAULTS: Readonly<Record<string, (args: Readonly<Record<string, unknown>>, count: number) => object>> = {
  "auth.test": () => ({
    ok: true,
    user_id: "UBOT",
    bot_id: "BBOT",
    team_id: "T1",
    team: "Acme",
    user: "stats",
    url: "https://acme.slack.com/",
  }),
  "chat.postMessage": ({ channel }, count) => ({
    ok: true,
    channel,
    ts: `1700000000.${String(count).padStart(6, "0")}`,
  }),
  "conversations.info": ({ channel }) => ({ ok: true, channel: { id: channel, is_ext_shared: false } }),
  "views.open": () => ({ ok: true, view: { id: "V1" } }),
};

export async function startSlackFixture(): Promise<SlackFixture> {
  const calls: SlackCall[] = [];
  const scripted = new Map<string, SlackReply[]>();
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = (request.url ?? "").replace(/^\/(?:api\/)?/, "");
    const args = readArguments(request, Buffer.concat(await request.toArray()).toString());
    calls.push({ method, args });
    const script = scripted.get(method) ?? [];
    const reply = script.length > 1 ? script.shift() : script[0];
    const body = reply?.body ?? DEFAULTS[method]?.(args, calls.length) ?? { ok: true };
    response
      .writeHead(reply?.status ?? 200, { "content-type": "application/json", ...reply?.headers })
      .end(JSON.stringify(body));
  };
  const port = await listen(server, { what: "the Slack fixture", host: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${port}`;
  return {
    apiUrl: `${origin}/api/`,
    responseUrl: `${origin}/respond`,
    calls,
    callsOf: (method) => calls.filter((call) => call.method === method),
    answer: (method, ...answers) => void scripted.set(method, [...answers]),
    close: () => closeServer(server, 100),
  };
}

/** Forms carry objects as JSON in strings; response URLs get JSON. */
function readArguments({ headers }: IncomingMessage, text: string): Record<string, unknown> {
  if (headers["content-type"]?.includes("json")) return JSON.parse(text || "{}") as Record<string, unknown>;
  const entries = [...new URLSearchParams(text)].map(([name, value]): [string, unknown] => [name, parseValue(value)]);
  return Object.fromEntries(entries);
}

function parseValue(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
