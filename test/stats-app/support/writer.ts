import { openDuckdbStore } from "../../../stats-app/src/store/duckdb.ts";

/** A process that stores small batches without end and prints the last id of each once it is acknowledged. */
const store = await openDuckdbStore({ file: process.argv[2] ?? "", dimensions: [], memoryLimit: "200MB", threads: 1 });
for (let batch = 0; ; batch += 1) {
  const rows = Array.from({ length: 20 }, (_, index) => ({
    id: `${batch}-${index}`,
    event: "signup",
    timeUs: batch * 1_000_000,
    user: null,
    value: null,
    dimensions: null,
  }));
  await store.write(rows);
  process.stdout.write(`${batch}\n`);
}
