import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The other end of the benchmark, in its own process: gives a JWT for the pair, and a short JSON answer to any request with
 * a JWT. Sends its port when it listens, and the number of exchanges when asked.
 */
let exchanges = 0;
const jwt = ["RS256", { iat: seconds(), exp: seconds() + 3_600 }, "signature"].map(encode).join(".");

const server = createServer((request, response) => {
  const isExchange = request.headers["cf-access-client-secret"] !== undefined;
  if (isExchange) {
    exchanges += 1;
    response.setHeader("set-cookie", `CF_Authorization=${jwt}; Path=/; Secure; HttpOnly`);
  }
  const isAdmitted = isExchange || request.headers["cf-access-token"] === jwt;
  response.statusCode = isAdmitted ? 200 : 500;
  response.setHeader("content-type", "application/json");
  response.end('{"answer":42}');
});

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("message", () => process.send?.(exchanges));
process.on("disconnect", () => process.exit(0));

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
