import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** One thing at a time that an identity provider may do otherwise. */
export interface Script {
  /** Claims of the id_token, instead of the good ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Fields of the discovery document. */
  readonly discovery?: Readonly<Record<string, unknown>>;
  readonly userinfo?: Readonly<Record<string, unknown>>;
  /** Parameters of the way back. */
  readonly callback?: Readonly<Record<string, string>>;
  readonly signWith?: "own key" | "another key" | "nothing";
  /** Answers instead of the provider; true when it did. */
  readonly takeOver?: (path: string, response: ServerResponse) => boolean;
}

export interface ScriptedProvider {
  readonly issuer: string;
  readonly client: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  readonly requests: string[];
  play(script: Script): void;
  close(): Promise<void>;
}

const CLIENT = { clientId: "gateway", clientSecret: "scripted-secret" };

/** An OpenID provider whose every word can be chosen. It logs everybody in as Ada, without a page. */
export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const [own, another] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "own", alg: "RS256", use: "sig" }] };
  const nonces = new Map<string, string>();
  const requests: string[] = [];
  let script: Script = {};
  let issuer = "";
  const idToken = async (nonce: string) => {
    const claims = { iss: issuer, aud: CLIENT.clientId, sub: "1", email: "ada@acme.example", name: "Ada", nonce };
    const iat = Math.floor(Date.now() / 1000);
    const whole = { ...claims, iat, exp: iat + 300, ...script.claims };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    if (script.signWith === "nothing") return `${encode({ alg: "none" })}.${encode(whole)}.`;
    const key = script.signWith === "another key" ? another.privateKey : own.privateKey;
    return new SignJWT(whole).setProtectedHeader({ alg: "RS256", kid: "own" }).sign(key);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "", issuer);
    requests.push(url.pathname);
    if (script.takeOver?.(url.pathname, response)) return;
    const json = (body: unknown) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          ...script.discovery,
        });
      case "/authorize": {
        const code = crypto.randomUUID();
        nonces.set(code, url.searchParams.get("nonce") ?? "");
        const back = new URL(url.searchParams.get("redirect_uri") ?? "");
        const parameters = { code, state: url.searchParams.get("state") ?? "", ...script.callback };
        for (const [name, value] of Object.entries(parameters)) back.searchParams.set(name, value);
        return response.writeHead(302, { location: back.href }).end();
      }
      case "/token": {
        const code = new URLSearchParams(await text(request)).get("code") ?? "";
        const id_token = await idToken(nonces.get(code) ?? "");
        return json({ access_token: "x", token_type: "bearer", expires_in: 60, id_token });
      }
      case "/jwks":
        return json(jwks);
      case "/userinfo":
        return json({ sub: "1", ...script.userinfo });
      default:
        return response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    client: { issuer, ...CLIENT },
    requests,
    play(next) {
      script = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
