import { lookup } from "node:dns/promises";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Credentials } from "@gatehouse/access-client";
import { HEADERS } from "@gatehouse/access-client/contract";
import { findAuthorization, readJwtClaims, refusalKind } from "@gatehouse/access-client/protocol";
import { createVerifier } from "@gatehouse/access-client/verify";
import { type Dispatcher, request } from "undici";
import { reasonOf } from "../reason-of.ts";
import type { Answer, Connection, Observations, TokenSeen } from "./observation.ts";
import { examineOrigin } from "./origin.ts";
import { examineSlack } from "./slack.ts";

export interface ExamineDeps {
  readonly dispatcher: Dispatcher;
  /** May throw: the message is then the finding. */
  readonly readCredentials: () => Promise<Credentials> | Credentials;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What else is known of the app. */
export interface Subject {
  readonly url: URL;
  /** The app itself, past the gateway. */
  readonly originUrl?: URL;
  /** AUD tag that the app expects. */
  readonly audience?: string;
}

const MAX_BODY_BYTES = 64 * 1024;
/** Codes of Node and OpenSSL that blame the certificate and not the network. */
const CERTIFICATE_FAILURE = /CERT|SELF_SIGNED|VERIFY|ALTNAME/;

/** Makes the steps of the examination, as far as each allows the next, and notes what it saw. */
export async function examine({ url, originUrl, audience }: Subject, deps: ExamineDeps): Promise<Observations> {
  const slack = await examineSlack(deps.env, deps);
  const base = {
    url: `${url.origin}${url.pathname}`,
    name: await resolveName(url),
    ...(slack !== undefined && { slack }),
    ...(audience !== undefined && { expectedAudience: audience }),
  };
  if (base.name.failure !== undefined) return base;
  const connection = await tryConnection(url, deps.timeoutMs);
  if (connection.failure !== undefined) return { ...base, connection };
  const { answer: anonymous } = await ask(url, {}, deps);
  // Where Access does not answer, the pair would be shown to somebody else.
  const steps = isAccess(anonymous) ? await tryCredentials(url, deps) : {};
  const claims = steps.withPair?.token?.claims ?? {};
  const origin = originUrl === undefined ? undefined : await examineOrigin(originUrl, claims, deps);
  return { ...base, connection, anonymous, ...steps, ...(origin !== undefined && { origin }) };
}

function isAccess({ status, headers }: Answer): boolean {
  return status !== undefined && refusalKind(status, headers) !== undefined;
}

async function resolveName(url: URL): Promise<Observations["name"]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  try {
    const addresses = await lookup(host, { all: true });
    return { host, addresses: addresses.map(({ address }) => address) };
  } catch (error) {
    return { host, addresses: [], failure: reasonOf(error) };
  }
}

function tryConnection(url: URL, timeoutMs: number): Promise<Connection> {
  const { promise, resolve } = Promise.withResolvers<Connection>();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isTls = url.protocol === "https:";
  const target = { host, port: Number(url.port || (isTls ? 443 : 80)) };
  const socket: Socket = isTls ? connectTls({ ...target, servername: host }) : connectPlain(target);
  const finish = (connection: Connection): void => {
    socket.destroy();
    resolve(connection);
  };
  socket.setTimeout(timeoutMs, () => finish({ failure: `no answer in ${timeoutMs} ms` }));
  socket.once("error", (error) => {
    const failure = reasonOf(error);
    finish({ failure, isCertificateAtFault: CERTIFICATE_FAILURE.test(failure) });
  });
  socket.once(isTls ? "secureConnect" : "connect", () => finish(isTls ? readCertificate(socket as TLSSocket) : {}));
  return promise;
}

function readCertificate(socket: TLSSocket): Connection {
  return { certificateEndsAtMs: Date.parse(socket.getPeerCertificate().valid_to) };
}

type CredentialSteps = Pick<Observations, "clientId" | "credentialsFailure" | "withPair" | "withToken">;

async function tryCredentials(url: URL, deps: ExamineDeps): Promise<CredentialSteps> {
  let credentials: Credentials;
  try {
    credentials = await deps.readCredentials();
  } catch (error) {
    return { credentialsFailure: error instanceof Error ? error.message : String(error) };
  }
  const { clientId, clientSecret } = credentials;
  const pair = { [HEADERS.clientId]: clientId, [HEADERS.clientSecret]: clientSecret };
  const { answer, jwt } = await ask(url, pair, deps);
  if (jwt === undefined) return { clientId, withPair: answer };
  const withPair = { ...answer, token: await inspectToken(jwt) };
  return { clientId, withPair, withToken: (await ask(url, { [HEADERS.token]: jwt }, deps)).answer };
}

/** Reads the JWT, and verifies it as the app behind would. */
async function inspectToken(jwt: string): Promise<TokenSeen> {
  const claims = readJwtClaims(jwt);
  const { iss, aud } = claims ?? {};
  const [audience] = [aud ?? []].flat().map(String);
  if (claims === undefined || typeof iss !== "string" || audience === undefined) return { claims };
  try {
    await createVerifier({ issuer: iss, audience }).verify(jwt);
    return { claims };
  } catch (error) {
    return { claims, verifyFailure: reasonOf(error) };
  }
}

/** One GET that follows nothing. The JWT is handed back apart from the answer, so that no report can hold it. */
async function ask(
  url: URL,
  credentials: Record<string, string>,
  { dispatcher, now, timeoutMs }: ExamineDeps,
): Promise<{ answer: Answer; jwt?: string | undefined }> {
  try {
    const headers = { accept: "application/json", ...credentials };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await request(url, { headers, signal, dispatcher, reset: true });
    const atMs = now();
    const { "set-cookie": cookies, ...kept } = response.headers;
    const isRefusal = refusalKind(response.statusCode, response.headers) !== undefined;
    const refusalBody = isRefusal ? await readCapped(response.body) : discard(response.body);
    return {
      answer: { status: response.statusCode, headers: kept, refusalBody, atMs },
      jwt: findAuthorization(cookies),
    };
  } catch (error) {
    return { answer: { failure: reasonOf(error), headers: {}, refusalBody: "", atMs: now() } };
  }
}

async function readCapped(body: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of body) {
    text += chunk.toString("utf8");
    if (text.length > MAX_BODY_BYTES) break;
  }
  return text;
}

function discard(body: Dispatcher.ResponseData["body"]): "" {
  body.on("error", () => undefined).destroy();
  return "";
}
