import {
  SEAL_PURPOSES,
  type SealedRow,
  type SealedSecrets,
  type SealPurpose,
} from '../ports/sealed-secrets.ts';
import type { Sealer } from '../ports/secrets.ts';

export interface Resealed {
  readonly resealed: number;
  /** What none of the keys opens: what it is sealed for, and the id of its row. */
  readonly unreadable: readonly { readonly purpose: SealPurpose; readonly rowId: string }[];
}

/** Seals anew, under the present key, what a former one sealed. Safe to repeat and beside running gateways. */
export type SecretsReseal = () => Promise<Resealed>;

export interface SecretsResealDeps {
  readonly sealed: SealedSecrets;
  readonly sealer: Sealer;
}

const BATCH = 500;

export const secretsReseal =
  ({ sealed, sealer }: SecretsResealDeps): SecretsReseal =>
  async () => {
    let resealed = 0;
    const unreadable: { purpose: SealPurpose; rowId: string }[] = [];
    for (const purpose of SEAL_PURPOSES) {
      for await (const row of rowsOf(sealed, purpose)) {
        if (sealer.isCurrent(row.sealedSecret)) continue;
        const plain = opened(sealer, purpose, row);
        if (plain === null) unreadable.push({ purpose, rowId: row.rowId });
        else if (await sealed.replace(purpose, row, sealer.seal(purpose, row.rowId, plain))) resealed += 1;
      }
    }
    return { resealed, unreadable };
  };

async function* rowsOf(sealed: SealedSecrets, purpose: SealPurpose): AsyncGenerator<SealedRow> {
  let last: string | null = null;
  for (;;) {
    const rows: readonly SealedRow[] = await sealed.after(purpose, last, BATCH);
    yield* rows;
    const next = rows.at(-1);
    if (!next) return;
    last = next.rowId;
  }
}

function opened(sealer: Sealer, purpose: SealPurpose, { rowId, sealedSecret }: SealedRow): Uint8Array | null {
  try {
    return sealer.open(purpose, rowId, sealedSecret);
  } catch {
    return null;
  }
}
