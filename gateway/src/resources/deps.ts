import type { SecretBox } from "../keys/secret-box.ts";
import type { ChangeFeed } from "../store/change-feed.ts";
import type { Store } from "../store/store.ts";
import type { OpenConfiguration } from "./open-configuration.ts";

/** What every change of the configuration needs. */
export interface ResourceDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly configuration: OpenConfiguration;
  readonly now: () => number;
}
