import type { Sealer } from '../ports/secrets.ts';
import type { SealedRow, TwoFactorStore } from '../ports/two-factor-store.ts';
import { TOTP_SEAL } from './second-factor-check.ts';

export interface Resealed {
  readonly resealed: number;
  /** Ids of the people whose secret none of the keys opens. */
  readonly unreadable: readonly string[];
}

/** Seals anew, under the present key, what a former one sealed. Safe to repeat and beside running gateways. */
export type SecretsReseal = () => Promise<Resealed>;

export interface SecretsResealDeps {
  readonly factors: Pick<TwoFactorStore, 'sealedAfter' | 'replaceSealed'>;
  readonly sealer: Sealer;
}

const BATCH = 500;

export const secretsReseal =
  ({ factors, sealer }: SecretsResealDeps): SecretsReseal =>
  async () => {
    let resealed = 0;
    const unreadable: string[] = [];
    let last: string | null = null;
    for (;;) {
      const rows: readonly SealedRow[] = await factors.sealedAfter(last, BATCH);
      for (const { userId, sealedSecret } of rows) {
        if (sealer.isCurrent(sealedSecret)) continue;
        const plain = opened(sealer, userId, sealedSecret);
        if (plain === null) unreadable.push(userId);
        else if (await factors.replaceSealed(userId, sealedSecret, sealer.seal(TOTP_SEAL, userId, plain)))
          resealed += 1;
      }
      const next = rows.at(-1);
      if (!next) return { resealed, unreadable };
      last = next.userId;
    }
  };

function opened(sealer: Sealer, userId: string, sealed: Uint8Array): Uint8Array | null {
  try {
    return sealer.open(TOTP_SEAL, userId, sealed);
  } catch {
    return null;
  }
}
