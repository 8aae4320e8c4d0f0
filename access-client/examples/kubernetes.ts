/**
 * A service in Kubernetes: its Secret is mounted as a file, and a rotation that rewrites the Secret is followed without a
 * restart. `tokens rotate BOT --write k8s:NAMESPACE/SECRET` does the writing. Run it:
 * `STATS_URL=https://stats.example.com CREDENTIALS_FILE=/run/access/credentials node kubernetes.ts`
 */
import { subscribe } from "node:diagnostics_channel";
import { CHANNELS, createAccessClient, fileCredentials } from "@gatehouse/access-client";

const { STATS_URL = "", CREDENTIALS_FILE = "/run/access/credentials", EVERY_MS = "60000" } = process.env;
subscribe(CHANNELS.rotated.name, () => console.log("the service token was rotated"));
const client = createAccessClient({
  origin: STATS_URL,
  credentials: fileCredentials(CREDENTIALS_FILE),
  onExpiring: ({ daysLeft }) => console.warn(`the service token ends in ${daysLeft} days`),
});
for (;;) {
  const { statusCode, body } = await client.request("/report");
  console.log(statusCode, await body.text());
  await new Promise((resolve) => setTimeout(resolve, Number(EVERY_MS)));
}
