import type { Pass, ServicePair } from "./pass.ts";
import type { TokenLife } from "./token-life.ts";

/** What one exchange won: a pass and its life. Under a strict server the pass is the pair itself. */
export interface Grant extends TokenLife {
  readonly pass: Pass;
  /** The pair that was exchanged. */
  readonly pair: ServicePair;
  /** Whether an app behind the gateway was ever reached with this pass. */
  isProven: boolean;
  /** Whether the gateway marks its answers with a ray, so that one without it is another's. */
  readonly isRayed: boolean;
}
