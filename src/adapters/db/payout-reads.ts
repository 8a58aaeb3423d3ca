import type { Pool } from 'pg';
import type { Consenter } from '../../domain/payout/payout-consent.ts';
import type { ListedPayout, OpenPayout, PayoutReads } from '../../usecases/ports/payout-reads.ts';
import type { PayoutNames } from '../../usecases/ports/payout-store.ts';
import { PAYOUT_JSON, toNames, toPayout, type PayoutJson } from './payout-rows.ts';
import { CONSENTS, sourceNames } from './payout-statements.ts';

const COLUMNS = `${PAYOUT_JSON} AS payout, p.reference, p.waits_for AS "waitsFor", b.holder, b.account,
    coalesce((SELECT email FROM "user" WHERE id = p.actor_id), (SELECT name FROM api_key WHERE id = p.actor_id)) AS "askedBy",
    (${CONSENTS}) AS approvals, s.*`;
const PAYOUTS = `payout p LEFT JOIN bank_account b ON b.id = p.bank_account_id
    LEFT JOIN LATERAL (${sourceNames('p.origin::text', 'p.source_id')}) s ON true`;

/** $1 merchant, $2 mode, $3 how many, $4 who looks at them. */
const OPEN = `
  SELECT ${COLUMNS}, v.paying_since AS "payingSince",
    EXISTS (SELECT FROM payout_approval a
      WHERE a.payout_id = p.id AND a.revision = p.revision AND a.user_id = $4) AS "hasAgreed"
  FROM ${PAYOUTS}
    JOIN member v ON v.merchant_id = p.merchant_id AND v.user_id = $4 AND v.disabled_at IS NULL
  WHERE p.merchant_id = $1 AND p.mode = $2::"Mode"
    AND p.status IN ('PENDING_APPROVAL', 'QUEUED', 'SIGNED', 'BROADCAST')
  ORDER BY p.created_at DESC, p.id DESC LIMIT $3`;

const BY_ID = `SELECT ${COLUMNS} FROM ${PAYOUTS} WHERE p.id = $1`;

interface Row extends Omit<OpenPayout, 'payout' | 'names'>, PayoutNames {
  readonly payout: PayoutJson;
}

interface ListedRow extends Row, Pick<Consenter, 'payingSince' | 'hasAgreed'> {}

/** Payouts as people look at them in chats. */
export const createPayoutReads = (pool: Pool): PayoutReads => ({
  async open({ merchantId, mode }, userId, limit) {
    const values = [merchantId, mode, limit, userId];
    const { rows } = await pool.query<ListedRow>({ name: 'payouts_open', text: OPEN, values });
    return rows.map(({ payingSince, hasAgreed, ...row }): ListedPayout => ({
      ...toOpen(row),
      viewer: { userId, payingSince, hasAgreed },
    }));
  },
  async byId(payoutId) {
    const { rows } = await pool.query<Row>({ name: 'payout_looked_at', text: BY_ID, values: [payoutId] });
    return rows[0] ? toOpen(rows[0]) : null;
  },
});

const toOpen = ({ payout, reference, approvals, waitsFor, ...names }: Row): OpenPayout => ({
  reference,
  approvals,
  waitsFor,
  payout: toPayout(payout),
  names: toNames(names),
});
