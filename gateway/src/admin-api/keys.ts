import { z } from "zod";
import type { KeyRotation, KeySettings } from "../keys/key-rotation.ts";
import type { ApiRoute } from "./route.ts";

const PATH = "/access/keys";

const settingsBody = z.object({ key_rotation_interval_days: z.int() });
/** Ours: for a key that may have leaked. All JWTs that were signed until now end. */
const rotateBody = z.object({ end_previous_now: z.boolean().nullish() }).nullish();

/** How often the signing keys change. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/keys/ */
export function keyRoutes(keys: KeyRotation): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: PATH,
      scope: "organization:read",
      isAccountOnly: true,
      handle: async () => ({ result: present(await keys.settings()) }),
    },
    {
      method: "PUT",
      path: PATH,
      scope: "organization:write",
      isAccountOnly: true,
      async handle({ body, by }) {
        const { key_rotation_interval_days: days } = settingsBody.parse(body);
        return { result: present(await keys.setIntervalDays(days, by)) };
      },
    },
    {
      method: "POST",
      path: `${PATH}/rotate`,
      scope: "organization:write",
      isAccountOnly: true,
      async handle({ body, by }) {
        const endPreviousNow = rotateBody.parse(body)?.end_previous_now ?? false;
        return { result: present(await keys.rotate(by, { endPreviousNow })) };
      },
    },
  ];
}

/** `keys` is ours. */
function present({ daysUntilNextRotation, rotationIntervalDays, lastRotationAt, keys }: KeySettings) {
  return {
    days_until_next_rotation: daysUntilNextRotation,
    key_rotation_interval_days: rotationIntervalDays,
    last_key_rotation_at: lastRotationAt,
    keys: keys.map(({ kid, signsFrom, expiresAt }) => ({ kid, signs_from: signsFrom, expires_at: expiresAt })),
  };
}
