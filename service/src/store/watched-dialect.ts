import type { Dialect } from "kysely";

/** The dialect, telling of each time that no connection could be had. Statements that fail are told by kysely's own log. */
export function watchedDialect(dialect: Dialect, onError: () => void): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const driver = dialect.createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = (options) =>
        acquire(options).catch((error: unknown) => {
          onError();
          throw error;
        });
      return driver;
    },
  };
}
