import type { Pool } from 'pg';
import type { StaticWallet } from '../../domain/static-wallet/static-wallet.ts';
import type { StaticWalletStore } from '../../usecases/ports/static-wallet-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { isUniqueViolation } from './unique-violation.ts';

const WALLET = `
  SELECT id, merchant_id AS "merchantId", project_id AS "projectId", mode, network, customer_ref AS "customerRef",
    address, status
  FROM static_wallet`;

const BY_ID = `${WALLET} WHERE id = $1`;

const BY_REFERENCE = `${WALLET} WHERE project_id = $1 AND mode = $2::"Mode" AND customer_ref = $3 AND network = $4`;

/**
 * $1–$7 the wallet, $8 its address (null takes the lowest free one; two takers never wait for each other), $9 now, $10
 * the event. A second wallet of one reference ends the whole statement by the unique key, so that its address stays free.
 * The project may have been blocked or archived since it was looked at.
 */
const CREATE = `
  WITH shop AS (
    SELECT id FROM project
    WHERE id = $3::uuid AND archived_at IS NULL AND ($4::"Mode" = 'TEST' OR moderation = 'ACTIVE')
    FOR KEY SHARE
  ), free AS (
    SELECT id FROM deposit_address
    WHERE $8::text IS NULL AND network = $5 AND assigned_at IS NULL AND EXISTS (SELECT FROM shop)
    ORDER BY derivation_index LIMIT 1 FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE deposit_address d SET static_wallet_id = $1::uuid, assigned_at = $9::timestamptz FROM free
    WHERE d.id = free.id
    RETURNING d.address
  ), created AS (
    INSERT INTO static_wallet (id, merchant_id, project_id, mode, network, customer_ref, label, address, created_at)
    SELECT $1::uuid, $2::uuid, shop.id, $4::"Mode", $5, $6, $7, coalesce($8, taken.address), $9::timestamptz
    FROM shop LEFT JOIN taken ON true
    WHERE coalesce($8, taken.address) IS NOT NULL
    RETURNING id
  ), told AS (
    ${insertEvents('$10', 'EXISTS (SELECT FROM created)')}
  )
  SELECT EXISTS (SELECT FROM shop) AS open, EXISTS (SELECT FROM created) AS created`;

/** $1 wallet, $2 status, $3 since when it is blocked or null, $4 the event. */
const SET_STATUS = `
  WITH changed AS (
    UPDATE static_wallet SET status = $2::"StaticWalletStatus", blocked_at = $3::timestamptz
    WHERE id = $1 AND status <> $2::"StaticWalletStatus"
    RETURNING id
  ), told AS (
    ${insertEvents('$4', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

export function createStaticWalletStore(pool: Pool): StaticWalletStore {
  const read = async (name: string, text: string, values: unknown[]): Promise<StaticWallet | null> =>
    (await pool.query<StaticWallet>({ name, text, values })).rows[0] ?? null;

  return {
    byId: (id) => read('static_wallet_by_id', BY_ID, [id]),
    byReference: ({ projectId, mode, customerRef, network }) =>
      read('static_wallet_by_reference', BY_REFERENCE, [projectId, mode, customerRef, network]),

    async create(wallet, event) {
      const values = [
        wallet.id,
        wallet.merchantId,
        wallet.projectId,
        wallet.mode,
        wallet.network,
        wallet.customerRef,
        wallet.label,
        wallet.address,
        wallet.createdAt,
        eventRows([event]),
      ];
      try {
        const { rows } = await pool.query<{ open: boolean; created: boolean }>({
          name: 'static_wallet_create',
          text: CREATE,
          values,
        });
        if (rows[0]?.created) return 'created';
        return rows[0]?.open ? 'no_address' : 'project_barred';
      } catch (error) {
        if (isUniqueViolation(error)) return 'existing';
        throw error;
      }
    },

    async setStatus(id, status, at, event) {
      const values = [id, status, status === 'BLOCKED' ? at : null, eventRows([event])];
      const { rowCount } = await pool.query({ text: SET_STATUS, values });
      return rowCount === 1;
    },
  };
}
