import type { Pool } from 'pg';
import type { PaymentLink } from '../../domain/payment-link/payment-link.ts';
import type { PaymentLinkPatch, PaymentLinkStore } from '../../usecases/ports/payment-link-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { exactJson } from './payment-rows.ts';

const BY_ID = `
  SELECT id, merchant_id AS "merchantId", project_id AS "projectId", mode, title, description, currency,
    minimum_amount AS "minimumAmount", maximum_amount AS "maximumAmount", return_url AS "returnUrl",
    disabled_at AS "disabledAt"
  FROM payment_link WHERE id = $1`;

/** $1–$11 the link, $12 the event. The project may have been blocked or archived since it was looked at. */
const CREATE = `
  WITH shop AS (
    SELECT id FROM project
    WHERE id = $3::uuid AND archived_at IS NULL AND ($4::"Mode" = 'TEST' OR moderation = 'ACTIVE')
    FOR KEY SHARE
  ), created AS (
    INSERT INTO payment_link (id, merchant_id, project_id, mode, title, description, currency, minimum_amount,
      maximum_amount, return_url, created_at)
    SELECT $1::uuid, $2::uuid, shop.id, $4::"Mode", $5, $6, $7, $8::numeric, $9::numeric, $10, $11::timestamptz
    FROM shop
    RETURNING id
  ), told AS (
    ${insertEvents('$12', 'EXISTS (SELECT FROM created)')}
  )
  SELECT id FROM created`;

/** Columns that an update may set, by the name of the patch. */
const COLUMNS = {
  title: 'title',
  description: 'description',
  minimumAmount: 'minimum_amount',
  maximumAmount: 'maximum_amount',
  returnUrl: 'return_url',
} as const satisfies Record<keyof PaymentLinkPatch, string>;

const SET = Object.values(COLUMNS);

/**
 * $1 link, $2 the columns to set as JSON, $3 and $4 the bounds that were seen, $5 the event. A column that $2 leaves out
 * keeps the value of the row as it is when it is written, so that two updates of different fields both stay.
 */
const UPDATE = `
  WITH changed AS (
    UPDATE payment_link SET (${SET.join(', ')}) =
      (SELECT ${SET.map((column) => `r.${column}`).join(', ')} FROM jsonb_populate_record(payment_link, $2::jsonb) r)
    WHERE id = $1 AND minimum_amount IS NOT DISTINCT FROM $3::numeric
      AND maximum_amount IS NOT DISTINCT FROM $4::numeric
    RETURNING id
  ), told AS (
    ${insertEvents('$5', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

/** $1 link, $2 when it was disabled or null, $3 the event. */
const SET_DISABLED = `
  WITH changed AS (
    UPDATE payment_link SET disabled_at = $2::timestamptz
    WHERE id = $1 AND (disabled_at IS NULL) = ($2::timestamptz IS NOT NULL)
    RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

type LinkRow = Omit<PaymentLink, 'minimumAmount' | 'maximumAmount'> & {
  readonly minimumAmount: string | null;
  readonly maximumAmount: string | null;
};

export function createPaymentLinkStore(pool: Pool): PaymentLinkStore {
  return {
    async byId(id) {
      const { rows } = await pool.query<LinkRow>({ name: 'payment_link_by_id', text: BY_ID, values: [id] });
      return rows[0] ? toLink(rows[0]) : null;
    },

    async create(link, event) {
      const values = [
        link.id,
        link.merchantId,
        link.projectId,
        link.mode,
        link.title,
        link.description,
        link.currency,
        link.minimumAmount,
        link.maximumAmount,
        link.returnUrl,
        link.createdAt,
        eventRows([event]),
      ];
      const { rowCount } = await pool.query({ text: CREATE, values });
      return rowCount === 1 ? 'created' : 'project_barred';
    },

    async update({ id, minimumAmount, maximumAmount }, patch, event) {
      const values = [id, columnsOf(patch), minimumAmount, maximumAmount, eventRows([event])];
      const { rowCount } = await pool.query({ text: UPDATE, values });
      return rowCount === 1 ? 'written' : 'stale';
    },

    async setDisabled(id, disabledAt, event) {
      const { rowCount } = await pool.query({
        text: SET_DISABLED,
        values: [id, disabledAt, eventRows([event])],
      });
      return rowCount === 1;
    },
  };
}

const toLink = ({ minimumAmount, maximumAmount, ...row }: LinkRow): PaymentLink => ({
  ...row,
  minimumAmount: minimumAmount === null ? null : BigInt(minimumAmount),
  maximumAmount: maximumAmount === null ? null : BigInt(maximumAmount),
});

/** The patch as JSON under the names of the columns. */
const columnsOf = (patch: PaymentLinkPatch): string => {
  const given: Readonly<Record<string, unknown>> = patch;
  return exactJson(
    Object.fromEntries(
      Object.entries(COLUMNS).flatMap(([name, column]) => (name in given ? [[column, given[name]]] : [])),
    ),
  );
};
