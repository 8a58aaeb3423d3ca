import { createSecrets } from '../../../src/adapters/secrets/token-secrets.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../../src/config/secrets.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { senderDeps } from '../../../src/server/compose/payout-senders.ts';
import { ChainUnavailable } from '../../../src/usecases/ports/chain-reader.ts';
import { sendQueued } from '../../../src/workers/payout-sender/send-queued.ts';
import type { SenderDeps } from '../../../src/workers/payout-sender/sender-deps.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { claim, refund } from '../refund/refund-shop.ts';
import { PAYEE, turnLive } from './payout-shop.ts';

/** A shop on a gateway whose workers do nothing by themselves; its project sends back what was paid too much. */
export interface PathGround {
  readonly kit: TestPlatform;
  readonly shop: DemoMerchant;
  /** A paid invoice of LIVE mode, made with the payer's e-mail address. */
  readonly invoiceId: string;
  /** In EUR; a global id. */
  readonly bankAccountId: string;
  /** Who settles fiat payouts. */
  readonly operator: ApiClient;
}

/** What goes back to a payer. */
export type Kind = 'refund' | 'rebound';

export const PAYER = 'payer@paths.example';

/** Money that goes back in LIVE mode, whose payer has not said where to; gives the global id. */
export const UNCLAIMED = {
  refund: async ({ shop, invoiceId }) => (await refund(shop.owner, { invoiceId, amount: '1' })).id,

  async rebound({ kit, shop }) {
    const { pool } = kit.database;
    const { id } = await createInvoice(shop.test, { amount: '100', customerEmail: PAYER });
    const quote = await createQuote(shop.test, id);
    await simulatePayment(shop.test, id, quote.id, String(Number(quote.amount.amount) + 20));
    await turnLive(pool, shop.merchantId, id);
    const { rows: paid } = await pool.query<{ id: string }>('SELECT id FROM payment WHERE invoice_id = $1', [
      rowIdOf(id),
    ]);
    await steps(kit).reboundFollow(paid[0]?.id ?? '');
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM rebound WHERE payment_id = $1', [
      paid[0]?.id,
    ]);
    return globalIdOf('Rebound', rows[0]?.id ?? '');
  },
} as const satisfies Record<Kind, (ground: PathGround) => Promise<string>>;

/** Asks the payer in another inbox than the invoice's. */
export const NAME_INBOX = {
  refund: async (api, refundId) =>
    (await api.send(operations.RefundClaimResendDocument, { input: { refundId, email: OTHER } }))
      .refundClaimResend,
  rebound: async (api, reboundId) =>
    (await api.send(operations.ReboundClaimResendDocument, { input: { reboundId, email: OTHER } }))
      .reboundClaimResend,
} as const satisfies Record<Kind, (api: ApiClient, id: string) => Promise<object>>;

const OTHER = 'somebody.else@paths.example';

/** The member names another inbox, with all proofs. */
export async function inboxNamed(kind: Kind, { shop }: PathGround, id: string): Promise<void> {
  if (kind === 'refund') accepted(await NAME_INBOX.refund(shop.owner, id), 'Refund');
  else accepted(await NAME_INBOX.rebound(shop.owner, id), 'Rebound');
}

const secrets = createSecrets(Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64'));
const steps = ({ platform }: TestPlatform) => platform.gateway.background.useCases.refundSteps;

/** The payer says by the newest link where the money is to go, and the worker makes the payout. */
export async function carriedOut(kind: Kind, { kit }: PathGround, id: string): Promise<void> {
  const { rows } = await kit.database.pool.query<{ tokenId: string }>(
    `SELECT data->>'tokenId' AS "tokenId" FROM event WHERE subject_id = $1 AND type = $2
     ORDER BY occurred_at DESC, txid DESC, seq DESC LIMIT 1`,
    [rowIdOf(id), `${kind}.claim_sent`],
  );
  const purpose = kind === 'refund' ? 'REFUND_CLAIM' : 'REBOUND_CLAIM';
  const { secret } = secrets.derive(purpose, rows[0]?.tokenId ?? '');
  const { status } = await claim(`${kit.platform.url}/${kind}/${secret}`, PAYEE);
  if (status !== 200) throw new Error(`the claim was answered with ${status}`);
  const { refundCarryOut, reboundCarryOut } = steps(kit);
  await (kind === 'refund' ? refundCarryOut : reboundCarryOut)(rowIdOf(id));
}

/** A chain that is asked for a place only for what may leave: none answers. */
const UNREACHABLE: SenderDeps['spender'] = {
  network: 'ETHEREUM',
  hotAddress: PAYEE,
  place: async () => {
    throw new ChainUnavailable('no node answers');
  },
  estimate: never,
  sign: never,
  outbid: never,
  broadcast: never,
  look: never,
  usedElsewhere: never,
};

async function never(): Promise<never> {
  throw new Error('nothing is signed here');
}

/** A round of the sender, as the worker composes it. MADE: the payout was about to be signed. */
export async function sent({ kit }: PathGround, payoutOrSourceId: string): Promise<string> {
  const settings = { network: 'ETHEREUM', rpcUrl: 'http://127.0.0.1:9', xpub: '' };
  const sender = senderDeps(kit.platform.gateway.background, settings);
  await sendQueued({ ...sender, spender: UNREACHABLE }, new AbortController().signal);
  const { rows } = await kit.database.pool.query<{ status: string; waitsFor: string | null }>(
    'SELECT status, waits_for AS "waitsFor" FROM payout WHERE id = $1 OR source_id = $1',
    [rowIdOf(payoutOrSourceId)],
  );
  const [payout] = rows;
  if (payout?.status !== 'QUEUED') return String(payout?.status);
  return payout.waitsFor === 'CHAIN_UNAVAILABLE' ? 'MADE' : String(payout.waitsFor);
}
