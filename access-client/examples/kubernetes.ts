/**
 * A service in Kubernetes, as kubernetes.yaml starts it: its Secret is mounted as files, and a rotation that rewrites the
 * Secret is followed without a restart. `gatehouse tokens rotate BOT --write k8s:NAMESPACE/SECRET` does the writing.
 */
import { createAccessClient } from "@gatehouse/access-client";

const { STATS_URL = "", EVERY_MS = "60000" } = process.env;
const client = createAccessClient({
  origin: STATS_URL, // the pair: CLOUDFLARE_ACCESS_CLIENT_ID_FILE and CLOUDFLARE_ACCESS_CLIENT_SECRET_FILE, watched
  onRotated: () => console.log("the service token was rotated"),
  onExpiring: ({ daysLeft }) => console.warn(`the service token ends in ${daysLeft} days`),
});
for (;;) {
  const { statusCode, body } = await client.request("/report");
  console.log(statusCode, await body.text());
  await new Promise((resolve) => setTimeout(resolve, Number(EVERY_MS)));
}
