/**
 * An app behind the gateway: who is it that asks? Run it:
 * `ACCESS_ISSUER=https://team.cloudflareaccess.com ACCESS_AUDIENCE=<AUD tag> node origin.ts`
 */
import { accessMiddleware, accessSubject, createVerifier } from "@gatehouse/access-client/verify";
import express from "express";

const { ACCESS_ISSUER = "", ACCESS_AUDIENCE = "", PORT = "8080" } = process.env;
const app = express();
app.use(accessMiddleware(createVerifier({ issuer: ACCESS_ISSUER, audience: ACCESS_AUDIENCE })));
app.get("/report", (request, response) => {
  const subject = accessSubject(request);
  response.send(subject.kind === "service" ? `a report for ${subject.clientId}` : `a report for ${subject.email}`);
});
const server = app.listen(Number(PORT), "127.0.0.1", () =>
  console.log(`listening on ${JSON.stringify(server.address())}`),
);
