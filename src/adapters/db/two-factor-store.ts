import type { Pool, PoolClient } from 'pg';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type {
  FactorsOfPerson,
  NewRecoveryCodes,
  TwoFactorStore,
} from '../../usecases/ports/two-factor-store.ts';
import { writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { lockPerson } from './person-lock.ts';
import { removeTotp } from './totp-removal.ts';
import { inTransaction } from './transaction.ts';

const FACTORS = `
  SELECT u.email, u.phone, u.password_hash AS "passwordHash", t.sealed_secret AS "sealedSecret",
    t.created_at AS "createdAt", t.enabled_at AS "enabledAt"
  FROM "user" u LEFT JOIN totp t ON t.user_id = u.id WHERE u.id = $1`;

const BEGIN = `
  INSERT INTO totp (user_id, sealed_secret, created_at) VALUES ($1, $2, $3)
  ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
  WHERE totp.enabled_at IS NULL`;

const ENABLE = `
  UPDATE totp SET enabled_at = $3, last_step = $4
  WHERE user_id = $1 AND sealed_secret = $2 AND enabled_at IS NULL`;

const MARK_SESSION = 'UPDATE session SET second_factor_at = $2 WHERE id = $1';

const ACCEPT_STEP = `
  UPDATE totp SET last_step = $3
  WHERE user_id = $1 AND sealed_secret = $2 AND enabled_at IS NOT NULL AND last_step < $3`;

const USE_RECOVERY_CODE = `
  UPDATE recovery_code SET used_at = $3
  WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL
    AND EXISTS (SELECT FROM totp WHERE user_id = $1 AND enabled_at IS NOT NULL)`;

const REMAINING =
  'SELECT count(*)::int AS remaining FROM recovery_code WHERE user_id = $1 AND used_at IS NULL';

const IS_ON = 'SELECT FROM totp WHERE user_id = $1 AND enabled_at IS NOT NULL FOR UPDATE';

const INSERT_CODES = `
  INSERT INTO recovery_code (id, user_id, code_hash, created_at)
  SELECT code.id, $1, code.hash, $4 FROM unnest($2::uuid[], $3::bytea[]) AS code (id, hash)`;

type FactorsRow = Omit<FactorsOfPerson, 'totp'> & {
  readonly sealedSecret: Uint8Array | null;
  readonly createdAt: Date;
  readonly enabledAt: Date | null;
};

export function createTwoFactorStore(pool: Pool, ids: IdSource): TwoFactorStore {
  const changes = async (text: string, values: unknown[]): Promise<boolean> =>
    (await pool.query({ text, values })).rowCount === 1;

  return {
    async factorsOf(userId) {
      const { rows } = await pool.query<FactorsRow>({ text: FACTORS, values: [userId] });
      const [row] = rows;
      if (!row) throw new Error('there is no such person');
      const { email, phone, passwordHash, sealedSecret, createdAt, enabledAt } = row;
      return { email, phone, passwordHash, totp: sealedSecret && { sealedSecret, createdAt, enabledAt } };
    },

    beginTotp: (userId, sealedSecret, at) => changes(BEGIN, [userId, sealedSecret, at]),

    enableTotp: ({ userId, sealedSecret, step, sessionId }, codes, event) =>
      inTransaction(pool, async (client) => {
        const { at } = codes;
        if ((await lockPerson(client, { userId, sessionId })) === null) return false;
        const enabled = await client.query({ text: ENABLE, values: [userId, sealedSecret, at, step] });
        if (enabled.rowCount !== 1) return false;
        await replaceCodes(client, ids, codes);
        await client.query({ text: MARK_SESSION, values: [sessionId, at] });
        await writeEvents(client, [event]);
        return true;
      }),

    acceptStep: ({ userId, sealedSecret, step }) => changes(ACCEPT_STEP, [userId, sealedSecret, step]),

    useRecoveryCode: ({ userId, codeHash, at }, eventFor) =>
      inTransaction(pool, async (client) => {
        const used = await client.query({ text: USE_RECOVERY_CODE, values: [userId, codeHash, at] });
        if (used.rowCount !== 1) return false;
        const { rows } = await client.query<{ remaining: number }>({ text: REMAINING, values: [userId] });
        await startHold(client, ids, { userId, merchantId: null, reason: 'RECOVERY_CODE_USED', at });
        await writeEvents(client, [eventFor(rows[0]?.remaining ?? 0)]);
        return true;
      }),

    renewRecoveryCodes: (codes, sessionId, event) =>
      inTransaction(pool, async (client) => {
        const { userId } = codes;
        // Two renewals at once wait here, and leave the codes of one of them.
        if ((await lockPerson(client, { userId, sessionId })) === null) return false;
        if ((await client.query({ text: IS_ON, values: [userId] })).rowCount !== 1) return false;
        await replaceCodes(client, ids, codes);
        await writeEvents(client, [event]);
        return true;
      }),

    disableTotp: ({ userId, sessionId, at }, event) =>
      inTransaction(pool, async (client) => {
        if ((await lockPerson(client, { userId, sessionId })) === null) return false;
        if (!(await removeTotp(client, userId))) return false;
        await startHold(client, ids, { userId, merchantId: null, reason: 'TWO_FACTOR_DISABLED', at });
        await writeEvents(client, [event]);
        return true;
      }),
  };
}

async function replaceCodes(
  client: PoolClient,
  ids: IdSource,
  { userId, hashes, at }: NewRecoveryCodes,
): Promise<void> {
  await client.query({ text: 'DELETE FROM recovery_code WHERE user_id = $1', values: [userId] });
  const rowIds = hashes.map(() => ids.next());
  await client.query({ text: INSERT_CODES, values: [userId, rowIds, hashes, at] });
}
