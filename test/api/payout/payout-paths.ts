import type { Pool } from 'pg';
import { vi } from 'vitest';
import { createAutoWithdrawalWork } from '../../../src/adapters/db/auto-withdrawal-work.ts';
import { eventRows, insertEvents } from '../../../src/adapters/db/event-insert.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted, ApiErrors, type ApiClient } from '../../../src/demo/api-client.ts';
import type { Role } from '../../../src/domain/access/actor.ts';
import * as operations from '../../../src/generated/documents.ts';
import { autoWithdrawalsFollower } from '../../../src/server/compose/auto-withdrawals.ts';
import type { PayoutByRule } from '../../../src/usecases/payout/payout-by-rule.ts';
import { userActor } from '../../testkit/actors.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { sessionRow } from '../../testkit/sessions.ts';
import { bookAvailable, insertPayout } from '../payout-rules/fiat-shop.ts';
import { tryRefund } from '../refund/refund-shop.ts';
import {
  carriedOut,
  inboxNamed,
  NAME_INBOX,
  sent,
  UNCLAIMED,
  type Kind,
  type PathGround,
} from './payout-brought.ts';
import { agree, batch, PAYEE, payout, payoutId, requestOf, tryPayout } from './payout-shop.ts';

/** What asks, or goes on: says what became of that, MADE, or why not. */
type Ask = () => Promise<string>;

/**
 * A way by which money leaves, or by which somebody decides that it does. What must be there before is brought along while
 * all checks hold.
 */
type Path = (ground: PathGround) => Promise<Ask>;

interface Answer {
  readonly __typename?: string;
  readonly code?: string;
  readonly status?: string;
}

const outcomeOf = ({ code, status }: Answer): string =>
  code ?? (status === 'PENDING_APPROVAL' ? status : 'MADE');

/** A refusal of rights is an error of the whole request. */
async function told(work: Promise<Answer>): Promise<string> {
  try {
    return outcomeOf(await work);
  } catch (error) {
    if (error instanceof ApiErrors) return error.errors[0]?.extensions?.code ?? 'ERROR';
    throw error;
  }
}

/** A path that needs nothing beforehand. */
const asks =
  (ask: (ground: PathGround) => Promise<string>): Path =>
  async (ground) =>
  () =>
    ask(ground);

const ROW = { currency: 'USDT', amount: '10', network: 'ETHEREUM', address: PAYEE } as const;

async function inBatch(api: ApiClient, merchantId: string | null): Promise<string> {
  const input = { merchantId, rows: [ROW], idempotencyKey: crypto.randomUUID() };
  const answer = batch(api, input);
  const whole = await told(answer);
  if (whole !== 'MADE') return whole;
  const made = await answer;
  const [row] = 'rows' in made ? made.rows : [];
  return row?.error?.code ?? outcomeOf(row?.payout ?? {});
}

const fiatOf = (merchantId: string | null, bankAccountId: string) => ({
  merchantId,
  currency: 'EUR' as const,
  amount: '200',
  bankAccountId,
});

/** An operator takes a member's payout, tells the bank, and says that the bank has sent it. */
const settling: Path = async ({ shop, operator, bankAccountId }) => {
  const { id } = await payout(shop.owner, fiatOf(shop.merchantId, bankAccountId));
  return async () => {
    const taken = operator.send(operations.FiatPayoutTakeDocument, { input: { payoutId: id } });
    const outcome = await told(taken.then((answer) => answer.fiatPayoutTake));
    if (outcome !== 'MADE') return outcome;
    const input = { payoutId: id, bankReference: 'SEPA-1' };
    const settled = operator.send(operations.FiatPayoutSettleDocument, { input });
    return await told(settled.then((answer) => answer.fiatPayoutSettle));
  };
};

const RULE = { asset: 'USDT', network: 'ETHEREUM', address: PAYEE, threshold: '1' } as const;

const ruleMade = async ({ shop: { owner, merchantId } }: PathGround) =>
  (await owner.send(operations.AutoWithdrawalCreateDocument, { input: { merchantId, ...RULE } }))
    .autoWithdrawalCreate;

/** What the worker makes of money that is credited, as it is composed. */
const byRule: Path = async (ground) => {
  accepted(await ruleMade(ground), 'AutoWithdrawal');
  return async () => {
    const { background } = ground.kit.platform.gateway;
    const { pool } = background.database;
    // Below the threshold no payout is asked for.
    const outcome = { told: 'not asked' };
    const payoutByRule: PayoutByRule = async (...asked) => {
      const made = await background.useCases.payoutByRule(...asked);
      outcome.told =
        made.kind === 'made' ? await statusOf(pool, made.payoutId) : `${made.kind}: ${made.reason}`;
      return made;
    };
    const useCases = { ...background.useCases, payoutByRule };
    const follow = autoWithdrawalsFollower({ ...background, useCases });
    const eventId = uuidSource.next();
    await pool.query(insertEvents('$1'), [eventRows([creditedTo(ground, eventId)])]);
    await vi.waitUntil(async () => {
      while (await follow(1_000)) continue;
      return await isRead(pool, eventId);
    });
    return outcome.told;
  };
};

const statusOf = async (pool: Pool, id: string): Promise<string> => {
  const { rows } = await pool.query<{ status: string }>('SELECT status FROM payout WHERE id = $1', [id]);
  return outcomeOf(rows[0] ?? {});
};

const creditedTo = ({ shop, kit }: PathGround, id: string) => ({
  id,
  type: 'payment.credited' as const,
  mode: 'LIVE' as const,
  merchantId: rowIdOf(shop.merchantId),
  projectId: rowIdOf(shop.projectId),
  actor: { type: 'SYSTEM' as const, id: null },
  subject: { type: 'INVOICE' as const, id: uuidSource.next() },
  data: {},
  occurredAt: kit.platform.gateway.background.clock.now(),
});

async function isRead(pool: Pool, eventId: string): Promise<boolean> {
  const { txid, seq } = await createAutoWithdrawalWork(pool).cursor();
  const { rows } = await pool.query('SELECT FROM event WHERE id = $1 AND (txid, seq) <= ($2, $3)', [
    eventId,
    txid,
    seq,
  ]);
  return rows.length > 0;
}

/** A payout that somebody else asked for, and that waits for one consent; gives the row id. */
async function waiting({ kit, shop }: PathGround): Promise<string> {
  const { pool } = kit.database;
  const debited = 10_000_000n;
  await bookAvailable(pool, shop.merchantId, 'USDT', debited);
  const { id } = await insertPayout(pool, {
    merchantId: rowIdOf(shop.merchantId),
    target: { kind: 'CRYPTO', network: 'ETHEREUM', address: PAYEE },
    currency: 'USDT',
    debited,
    status: 'PENDING_APPROVAL',
    approvalsRequired: 1,
  });
  return id;
}

const consent: Path = async (ground) => {
  const id = await waiting(ground);
  return () => told(agree(ground.shop.owner, { id: payoutId(id), revision: 0 }));
};

/** The owner agrees in a chat: what the bot asks after it has read the PIN. */
const consentByPin: Path = async (ground) => {
  const id = await waiting(ground);
  return async () => {
    const { kit, shop } = ground;
    const { pool } = kit.database;
    const merchantId = rowIdOf(shop.merchantId);
    const { user_id: userId } = await sessionRow(pool, shop.sessionToken);
    const { rows } = await pool.query<{ role: Role }>(
      'SELECT role FROM member WHERE user_id = $1 AND merchant_id = $2',
      [userId, merchantId],
    );
    const memberships = rows.map(({ role }) => ({ merchantId, role, projectIds: null }));
    const asked = { payoutId: id, revision: 0, verdict: 'APPROVE', pin: PIN } as const;
    const { bots } = kit.platform.gateway.background.useCases;
    const answer = await bots.payoutDecideByPin(userActor(userId, ...memberships), asked);
    if (!answer.ok) return answer.refusal.code;
    return answer.value.kind === 'HELD' ? 'HELD' : 'MADE';
  };
};

/** The owner's, as the ground sets it. */
export const PIN = '294817';

const inboxOf =
  (kind: Kind, by: 'owner' | 'live'): Path =>
  async (ground) => {
    const id = await UNCLAIMED[kind](ground);
    return () => told(NAME_INBOX[kind](ground.shop[by], id));
  };

const sending =
  (by: 'owner' | 'live'): Path =>
  async (ground) => {
    const merchantId = by === 'owner' ? ground.shop.merchantId : null;
    const { id } = await payout(ground.shop[by], requestOf(merchantId));
    return () => sent(ground, id);
  };

/** The payer has been asked; names an address, and the payout of that is made and sent. */
const carrying =
  (kind: Kind, inbox: 'the invoice’s' | 'a named one'): Path =>
  async (ground) => {
    const id = await UNCLAIMED[kind](ground);
    if (inbox === 'a named one') await inboxNamed(kind, ground, id);
    return async () => {
      await carriedOut(kind, ground, id);
      return await sent(ground, id);
    };
  };

export const PATHS = {
  'a payout of a person': asks(({ shop }) => told(tryPayout(shop.owner, requestOf(shop.merchantId)))),
  'a payout of a key': asks(({ shop }) => told(tryPayout(shop.live, requestOf(null)))),
  'a batch of a person': asks(({ shop }) => inBatch(shop.owner, shop.merchantId)),
  'a batch of a key': asks(({ shop }) => inBatch(shop.live, null)),
  'a fiat payout of a person': asks(({ shop, bankAccountId }) =>
    told(tryPayout(shop.owner, fiatOf(shop.merchantId, bankAccountId))),
  ),
  'a fiat payout of a key': asks(({ shop, bankAccountId }) =>
    told(tryPayout(shop.live, fiatOf(null, bankAccountId))),
  ),
  'a refund of a person': asks(({ shop, invoiceId }) =>
    told(tryRefund(shop.owner, { invoiceId, amount: '1' })),
  ),
  'a refund of a key': asks(({ shop, invoiceId }) => told(tryRefund(shop.live, { invoiceId, amount: '1' }))),
  'a refund’s inbox named by a person': inboxOf('refund', 'owner'),
  'a refund’s inbox named by a key': inboxOf('refund', 'live'),
  'a rebound’s inbox named by a person': inboxOf('rebound', 'owner'),
  'a rebound’s inbox named by a key': inboxOf('rebound', 'live'),
  'a rule for automatic withdrawals': asks((ground) => told(ruleMade(ground))),
  'a consent': consent,
  'a consent in a chat': consentByPin,
  'the settling of a fiat payout': settling,
  'an automatic withdrawal': byRule,
  'the sending of a person’s payout': sending('owner'),
  'the sending of a key’s payout': sending('live'),
  'the carrying out of a refund': carrying('refund', 'the invoice’s'),
  'the carrying out of a refund to a named inbox': carrying('refund', 'a named one'),
  'the carrying out of a rebound': carrying('rebound', 'the invoice’s'),
  'the carrying out of a rebound to a named inbox': carrying('rebound', 'a named one'),
} as const satisfies Record<string, Path>;

export type PathName = keyof typeof PATHS;

/** What goes on without anybody who asks: a check that fails lets it wait, and that is told. */
export const IN_BACKGROUND: ReadonlySet<PathName> = new Set([
  'an automatic withdrawal',
  'the sending of a person’s payout',
  'the sending of a key’s payout',
  'the carrying out of a refund',
  'the carrying out of a refund to a named inbox',
  'the carrying out of a rebound',
  'the carrying out of a rebound to a named inbox',
]);
