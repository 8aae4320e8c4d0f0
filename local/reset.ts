import { existsSync, rmSync } from "node:fs";
import { ConfigError, readEnvironment } from "@gatehouse/service";
import { refuseWhileRunning } from "./data-folder.ts";
import { LocalError } from "./errors.ts";
import { readLocalSettings } from "./settings.ts";

/** `npm run reset`: removes everything that `npm start` keeps, so that the next start is the first one again. */
try {
  const { dataFolder } = readLocalSettings(readEnvironment());
  const existed = existsSync(dataFolder);
  refuseWhileRunning(dataFolder);
  rmSync(dataFolder, { recursive: true, force: true });
  process.stdout.write(existed ? `Removed ${dataFolder}. npm start makes everything anew.\n` : "Nothing to remove.\n");
} catch (error) {
  if (!(error instanceof LocalError || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.code}\n${error.message}\n`);
  process.exitCode = 1;
}
