/**
 * A cron job: prints one report and ends. The JWT is kept in a file between the runs, so a job that starts every minute
 * exchanges its service token once per JWT's life. Run it: `STATS_URL=https://stats.example.com node report.ts`
 */
import { AccessRequestError, createAccessClient, fileTokenCache } from "@gatehouse/access-client";

const { STATS_URL = "", TOKEN_CACHE = ".access-token.json" } = process.env;
const client = createAccessClient({ origin: STATS_URL, tokenCache: fileTokenCache(TOKEN_CACHE) });
try {
  const { statusCode, body } = await client.request("/report");
  console.log(statusCode, await body.text());
} catch (error) {
  if (!(error instanceof AccessRequestError)) throw error;
  console.error(`${error.code}: ${error.message} ${error.advice}`);
  process.exitCode = 1;
} finally {
  await client.close();
}
