import type { Actor, Mode } from '../../domain/access/actor.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import type { Idempotency } from '../ports/invoice-store.ts';
import { done, refuse, type Refusal, type Result } from '../result.ts';
import { askPayout } from './payout-create.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { payoutPlace, payoutProofMissing } from './payout-place.ts';
import { keyFault, readPayoutRequest, type PayoutRequest } from './payout-request.ts';

export interface PayoutBatchCreateInput {
  readonly merchantId?: string | null | undefined;
  readonly mode?: Mode | null | undefined;
  readonly rows: readonly PayoutRequest[];
  /** Each row's key is made of it and the row's number: a repeated batch makes no second payout. */
  readonly idempotencyKey: string;
}

export type PayoutBatchRow =
  | { readonly kind: 'MADE'; readonly payoutId: string }
  /** Its path leads into the batch: ["input", "rows", "3", "address"]. */
  | { readonly kind: 'REFUSED'; readonly refusal: Refusal };

/**
 * Asks for many payouts at once (FEATURES F4). Each row is made or refused by itself, in their order: what is refused
 * leaves the others as they are. Refusals of the whole: NOT_FOUND, INVALID_INPUT, FORBIDDEN, SECOND_FACTOR_REQUIRED,
 * STEP_UP_REQUIRED, IDEMPOTENCY_KEY_REUSED.
 */
export type PayoutBatchCreate = (
  actor: Actor,
  input: PayoutBatchCreateInput,
) => Promise<Result<{ rows: readonly PayoutBatchRow[] }>>;

const MOST_ROWS = 200;

export const payoutBatchCreate =
  (deps: PayoutDeps): PayoutBatchCreate =>
  async (actor, input) => {
    const place = payoutPlace(actor, input);
    if (!place.ok) return place;
    const { rows, idempotencyKey } = input;
    if (rows.length < 1 || rows.length > MOST_ROWS)
      return refuse('INVALID_INPUT', `A batch has 1 to ${MOST_ROWS} rows.`, 'rows');
    const keyOf = (row: number): string => `${idempotencyKey}:${row}`;
    if (!idempotencyKey)
      return refuse('INVALID_INPUT', 'A batch needs an idempotency key.', 'idempotencyKey');
    const barred =
      keyFault(keyOf(rows.length)) ?? payoutProofMissing(actor, place.value.mode, deps.clock.now());
    if (barred) return barred;
    const keyed = rows.map((request, row) => ({
      asked: readPayoutRequest(deps.formats, request),
      idempotency: idempotencyOf(
        actor,
        {
          idempotencyKey: keyOf(row),
          operation: 'payoutCreate BATCH',
          request: { ...place.value, ...request },
        },
        deps.secrets,
      ),
    }));
    const batchId = await batchOf(deps, actor, idempotencyKey, keyed);
    if (batchId === null)
      return refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used with other rows.', 'idempotencyKey');
    const made: PayoutBatchRow[] = [];
    for (const [row, { asked, idempotency }] of keyed.entries()) {
      const result = asked.ok
        ? await askPayout(deps, actor, place.value, asked.value, { idempotency, batch: { id: batchId, row } })
        : asked;
      made.push(
        result.ok
          ? { kind: 'MADE', payoutId: result.value.payoutId }
          : { kind: 'REFUSED', refusal: inRow(result.refusal, row) },
      );
    }
    return done({ rows: made });
  };

/** One batch a key, however often it is sent: all rows are the same, or it is another one. Null for another one. */
async function batchOf(
  { payouts, ids, clock, secrets }: Pick<PayoutDeps, 'payouts' | 'ids' | 'clock' | 'secrets'>,
  actor: Actor,
  idempotencyKey: string,
  rows: readonly { readonly idempotency: Idempotency | null }[],
): Promise<string | null> {
  const hashes = rows.map(({ idempotency }) => Array.from(idempotency?.inputHash ?? []));
  const whole = { idempotencyKey, operation: 'payoutBatchCreate', request: { rows: JSON.stringify(hashes) } };
  const idempotency = idempotencyOf(actor, whole, secrets);
  const batchId = ids.next();
  return idempotency ? payouts.batchOf(idempotency, batchId, clock.now()) : batchId;
}

const inRow = (refusal: Refusal, row: number): Refusal => ({
  ...refusal,
  path: ['input', 'rows', String(row), ...(refusal.path ?? []).slice(1)],
});
