import { createAddressDeriver } from '../../src/adapters/chain/derivation/address-deriver.ts';
import { createEvmReader } from '../../src/adapters/chain/evm/evm-reader.ts';
import { createChainStore } from '../../src/adapters/db/chain-store.ts';
import { createDepositAddresses } from '../../src/adapters/db/deposit-addresses.ts';
import { createInvoiceStore } from '../../src/adapters/db/invoice-store.ts';
import { createLeaderLock } from '../../src/adapters/db/leader-lock.ts';
import { jitteredPause } from '../../src/adapters/system/jittered-pause.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import type { LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { createInvoiceWriting } from '../../src/usecases/invoice/invoice-writing.ts';
import { paymentConfirm } from '../../src/usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../src/usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../src/usecases/payment/payment-orphan.ts';
import type { Logger } from '../../src/usecases/ports/logger.ts';
import {
  createChainWatcher,
  type ChainWatcher,
  type ChainWatcherDeps,
} from '../../src/workers/chain-watcher/chain-watcher.ts';
import type { TestDatabase } from '../testkit/database.ts';

export const NETWORK = 'ETHEREUM';
/** What an invoice of `shop.invoice` asks for: 10 USDT, its price 10 US dollars. */
export const DUE = 10_000_000n;

export interface ShopInvoice {
  readonly id: string;
  readonly address: string;
}

export interface RunningWatcher {
  readonly watcher: ChainWatcher;
  stop(): Promise<void>;
}

/** One merchant with invoices to be paid on the chain, and watchers over the real use cases and database. */
export async function openShop(db: TestDatabase, chain: LocalChain) {
  const { pool } = db;
  const logged: string[] = [];
  const lines: { level: string; message: string; fields: object }[] = [];
  const log = (level: string) => (fields: object, message: string) => {
    logged.push(`${level}: ${message}`);
    lines.push({ level, message, fields });
  };
  const logger: Logger = { info: log('info'), warn: log('warn'), error: log('error') };

  const invoices = createInvoiceStore(pool, ids);
  const store = createChainStore(pool);
  const addresses = createDepositAddresses(
    pool,
    createAddressDeriver([{ network: NETWORK, xpub: chain.xpub }]),
    ids,
  );
  const writing = createInvoiceWriting({
    invoices,
    clock: systemClock,
    ids,
    feed: { poke: () => undefined },
    pause: jitteredPause,
  });
  const leader = createLeaderLock({ connectionString: db.url, logger, retryMilliseconds: 20 });
  const assets = [
    { asset: 'ETH', contract: null },
    { asset: 'USDT', contract: chain.usdt },
  ] as const;
  const readerAt = (rpcUrl: string) =>
    createEvmReader({ network: NETWORK, rpcUrl, chainId: chain.chainId, assets });

  const merchantId = ids.next();
  const projectId = ids.next();
  await pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 600, now())`,
    [projectId, merchantId],
  );

  return {
    store,
    logged,
    lines,
    observe: paymentObserve(writing),
    confirm: paymentConfirm(writing),
    readerAt,

    /** An open invoice over DUE, with an address of its own. */
    async invoice(): Promise<ShopInvoice> {
      const id = ids.next();
      const address = await addresses.assign(NETWORK, id, new Date());
      if (address === null) throw new Error('no address');
      await pool.query(
        `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, created_at, expires_at)
         VALUES ($1, $2, $3, 'LIVE', 'USD', 1000, now(), now() + interval '10 minutes')`,
        [id, merchantId, projectId],
      );
      await pool.query(
        `INSERT INTO quote (id, invoice_id, asset, network, amount, rate, rate_source, rate_at, address, created_at,
           expires_at)
         VALUES ($1, $2, 'USDT', $3, $4, 1, 'test', now(), $5, now(), now() + interval '10 minutes')`,
        [ids.next(), id, NETWORK, DUE, address],
      );
      return { id, address };
    },

    async invoiceStatus(id: string): Promise<string | undefined> {
      const { rows } = await pool.query<{ status: string }>('SELECT status FROM invoice WHERE id = $1', [id]);
      return rows[0]?.status;
    },

    /** `status@height×sighting` of every payment of the invoice. */
    async payments(invoiceId: string): Promise<string[]> {
      const { rows } = await pool.query<{ payment: string }>(
        `SELECT status || '@' || block_height || '×' || sighting AS payment FROM payment
         WHERE invoice_id = $1 ORDER BY id`,
        [invoiceId],
      );
      return rows.map((row) => row.payment);
    },

    async paymentIds(invoiceId: string): Promise<string[]> {
      const { rows } = await pool.query<{ id: string }>(
        'SELECT id FROM payment WHERE invoice_id = $1 ORDER BY id',
        [invoiceId],
      );
      return rows.map((row) => row.id);
    },

    /** The status of every payment of the invoice. */
    async standing(invoiceId: string): Promise<string[]> {
      const { rows } = await pool.query<{ status: string }>(
        'SELECT status::text FROM payment WHERE invoice_id = $1 ORDER BY id',
        [invoiceId],
      );
      return rows.map((row) => row.status);
    },

    /** The merchant's balances of USDT, and what all accounts together sum to (always zero). */
    async balances(): Promise<Record<string, string>> {
      const { rows } = await pool.query<{ kind: string; balance: string }>(
        `SELECT kind::text, balance FROM ledger_account WHERE merchant_id = $1 AND asset = 'USDT'
         UNION ALL SELECT 'sum', sum(balance) FROM ledger_account`,
        [merchantId],
      );
      return Object.fromEntries(rows.map((row) => [row.kind, row.balance]));
    },

    start(options: Partial<ChainWatcherDeps> & { readonly rpcUrl?: string } = {}): RunningWatcher {
      const { rpcUrl = chain.rpcUrl, ...overrides } = options;
      const watcher = createChainWatcher({
        reader: readerAt(rpcUrl),
        store,
        confirmations: 3,
        observe: paymentObserve(writing),
        confirm: paymentConfirm(writing),
        orphan: paymentOrphan(writing),
        clock: systemClock,
        logger,
        pollIntervalMs: 20,
        leader,
        ...overrides,
      });
      const abort = new AbortController();
      const ended = watcher.run(abort.signal);
      return {
        watcher,
        async stop() {
          abort.abort();
          await ended;
        },
      };
    },
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
