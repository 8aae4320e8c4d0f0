import type { Migrations } from "@gatehouse/service/store";
import type { Kysely } from "kysely";

export const MIGRATIONS: Migrations = {
  "001-notices": {
    async up(db: Kysely<unknown>): Promise<void> {
      let table = db.schema
        .createTable("notices")
        .addColumn("tries", "integer", (column) => column.notNull())
        .addColumn("posted_at", "text");
      for (const name of ["kind", "client_id", "facts", "created_at", "held_until"]) {
        table = table.addColumn(name, "text", (column) => column.notNull());
      }
      await table
        .addColumn("id", "text", (column) => column.notNull())
        .addColumn("recipient", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("notices_pk", ["id", "recipient"])
        .execute();
    },
  },
};
