import type { Pool } from 'pg';
import type { ListedAddress } from '../../domain/access/withdrawal-rule.ts';
import type { HoldReason } from '../../domain/access/withdrawal-hold.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { WithdrawalAddressRecord, WithdrawalStore } from '../../usecases/ports/withdrawal-store.ts';
import { eventRows, insertEvents, writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { inTransaction } from './transaction.ts';

const ADD = `
  WITH listed AS (
    INSERT INTO withdrawal_address (id, merchant_id, network, address, label, created_at, usable_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (merchant_id, network, address) WHERE removed_at IS NULL DO NOTHING
    RETURNING id
  ), told AS (
    ${insertEvents('$8', 'EXISTS (SELECT FROM listed)')}
  )
  SELECT id FROM listed`;

const BY_ID = `
  SELECT id, merchant_id AS "merchantId", network, address, label FROM withdrawal_address WHERE id = $1`;

const REMOVE = `
  WITH removed AS (
    UPDATE withdrawal_address SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM removed)')}
  )
  SELECT id FROM removed`;

const SWITCH = 'UPDATE merchant SET whitelist_on = $2 WHERE id = $1 AND whitelist_on <> $2 RETURNING id';

/** The latest end of the merchant's holds, and of the people's own: an earlier one says nothing more. */
const FACTS = `
  SELECT m.whitelist_on AS "whitelistOn", holds.found AS holds,
    (SELECT coalesce(json_agg(json_build_object('network', a.network, 'address', a.address,
        'usableAt', a.usable_at)), '[]')
      FROM withdrawal_address a
      WHERE a.merchant_id = m.id AND a.network = $3 AND a.address = $4 AND a.removed_at IS NULL) AS addresses
  FROM merchant m CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('reason', h.reason, 'startedAt', h.started_at,
      'endsAt', h.ends_at)), '[]') AS found
    FROM (
      (SELECT reason, started_at, ends_at FROM withdrawal_hold
        WHERE merchant_id = m.id AND ends_at > $5 ORDER BY ends_at DESC LIMIT 1)
      UNION ALL
      (SELECT reason, started_at, ends_at FROM withdrawal_hold
        WHERE user_id = ANY($2::uuid[]) AND merchant_id IS NULL AND ends_at > $5 ORDER BY ends_at DESC LIMIT 1)
    ) h
  ) holds
  WHERE m.id = $1 AND m.closed_at IS NULL`;

/** Times come as text out of JSON. */
interface FactsRow {
  readonly whitelistOn: boolean;
  readonly holds: readonly { reason: HoldReason; startedAt: string; endsAt: string }[];
  readonly addresses: readonly (Omit<ListedAddress, 'usableAt'> & { usableAt: string })[];
}

export function createWithdrawalStore(pool: Pool, ids: IdSource): WithdrawalStore {
  const wrote = async (text: string, values: unknown[]): Promise<boolean> =>
    (await pool.query({ text, values })).rows.length > 0;

  return {
    addAddress: ({ id, merchantId, network, address, label, at, usableAt }, event) =>
      wrote(ADD, [id, merchantId, network, address, label, at, usableAt, eventRows([event])]),

    async addressById(id) {
      const { rows } = await pool.query<WithdrawalAddressRecord>({ text: BY_ID, values: [id] });
      return rows[0] ?? null;
    },

    removeAddress: (id, at, event) => wrote(REMOVE, [id, at, eventRows([event])]),

    setWhitelist: (merchantId, enabled, { event, at, heldBy }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query({ text: SWITCH, values: [merchantId, enabled] });
        if (rows.length === 0) return false;
        if (heldBy !== null)
          await startHold(client, ids, { userId: heldBy, merchantId, reason: 'WHITELIST_DISABLED', at });
        await writeEvents(client, [event]);
        return true;
      }),

    async factsFor({ merchantId, userIds, network, address, at }) {
      const { rows } = await pool.query<FactsRow>({
        name: 'withdrawal_facts',
        text: FACTS,
        values: [merchantId, userIds, network, address, at],
      });
      const row = rows[0];
      return (
        (row && {
          whitelistOn: row.whitelistOn,
          holds: row.holds.map(({ reason, startedAt, endsAt }) => ({
            reason,
            startedAt: new Date(startedAt),
            endsAt: new Date(endsAt),
          })),
          addresses: row.addresses.map((listed) => ({ ...listed, usableAt: new Date(listed.usableAt) })),
        }) ??
        null
      );
    },
  };
}
