import { createLogger } from "@gatehouse/service";
import { BY_COMMAND_LINE } from "../../../../gateway/src/audit/event.ts";
import { createKeyRotation } from "../../../../gateway/src/keys/key-rotation.ts";
import { createSecretBox } from "../../../../gateway/src/keys/secret-box.ts";
import { openSigningKeys } from "../../../../gateway/src/keys/signing-keys.ts";
import { openChangeFeed } from "../../../../gateway/src/store/change-feed.ts";
import { openStore } from "../../../../gateway/src/store/store.ts";

// A process that does nothing but rotate the signing key of DATABASE_URL, until it is killed.
const logger = createLogger({ app: "gateway", level: "silent" });
const box = createSecretBox(Buffer.alloc(32, 7));
const databaseUrl = process.env.DATABASE_URL ?? "";
const now = Date.now;
const store = await openStore(databaseUrl);
const feed = await openChangeFeed({ store, logger, now });
await openSigningKeys({ store, feed, box, now });
const rotation = createKeyRotation({ store, feed, box, logger, now });
for (;;) {
  await rotation.rotate(BY_COMMAND_LINE);
  process.stdout.write("rotated\n");
}
