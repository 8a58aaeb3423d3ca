import { createAddressDeriver } from '../../src/adapters/chain/derivation/address-deriver.ts';
import { createChainStore } from '../../src/adapters/db/chain-store.ts';
import { createDepositAddresses } from '../../src/adapters/db/deposit-addresses.ts';
import { createInvoiceStore } from '../../src/adapters/db/invoice-store.ts';
import { createLeaderLock } from '../../src/adapters/db/leader-lock.ts';
import { createUnmatchedTransfers } from '../../src/adapters/db/unmatched-transfers.ts';
import { createFixedRates } from '../../src/adapters/rates/fixed-rates.ts';
import { jitteredPause } from '../../src/adapters/system/jittered-pause.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { createInvoiceWriting } from '../../src/usecases/invoice/invoice-writing.ts';
import { paymentConfirm } from '../../src/usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../src/usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../src/usecases/payment/payment-orphan.ts';
import { unmatchedTransfersRecord } from '../../src/usecases/payment/unmatched-transfers-record.ts';
import type { ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import type { Logger } from '../../src/usecases/ports/logger.ts';
import {
  createChainWatcher,
  type ChainWatcher,
  type ChainWatcherDeps,
} from '../../src/workers/chain-watcher/chain-watcher.ts';
import type { PaymentSteps, WatchedNetwork } from '../../src/workers/chain-watcher/watched-network.ts';
import type { TestDatabase } from '../testkit/database.ts';
import { shopFacts } from './shop-facts.ts';

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

export interface WatcherOptions extends Partial<Omit<ChainWatcherDeps, 'payments'>> {
  /** Where the chain is read, if not at its own address. */
  readonly rpcUrl?: string;
  /** Steps that take the place of the real ones. */
  readonly steps?: Partial<PaymentSteps>;
}

/** What the shop's money moves on. */
export interface ShopChain {
  readonly xpub: string;
  reader(rpcUrl?: string): ChainReader;
}

/** One merchant with invoices to be paid on the chain, and watchers over the real use cases and database. */
export async function openShop(db: TestDatabase, chain: ShopChain) {
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
    rates: createFixedRates(systemClock),
    clock: systemClock,
    ids,
    feed: { poke: () => undefined },
    pause: jitteredPause,
  });
  const leader = createLeaderLock({ connectionString: db.url, logger, retryMilliseconds: 20 });
  const stepsFor = (confirmations: number): PaymentSteps => ({
    observe: paymentObserve({ ...writing, confirmations: new Map([[NETWORK, confirmations]]) }),
    confirm: paymentConfirm(writing),
    orphan: paymentOrphan(writing),
  });
  const recordUnmatched = unmatchedTransfersRecord({
    unmatched: createUnmatchedTransfers(pool),
    ids,
    clock: systemClock,
    feed: { poke: () => undefined },
  });
  const refuse = (): Promise<never> => Promise.reject(new Error('there are no static wallets'));

  /** What a watcher works with. */
  const watched = ({ rpcUrl, steps, ...overrides }: WatcherOptions = {}): Omit<
    WatchedNetwork,
    'rememberedBlocks'
  > => {
    const { confirmations = 3 } = overrides;
    return {
      reader: chain.reader(rpcUrl),
      store,
      confirmations,
      payments: { ...stepsFor(confirmations), ...steps },
      deposits: { observe: refuse, confirm: refuse, orphan: refuse },
      recordUnmatched,
      clock: systemClock,
      logger,
      ...overrides,
    };
  };

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
    steps: stepsFor(3),
    recordUnmatched,
    reader: chain.reader,

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
        `INSERT INTO quote (id, invoice_id, asset, network, price, amount, rate, rate_source, rate_at, address, created_at,
           expires_at)
         VALUES ($1, $2, 'USDT', $3, 1000, $4, 1, 'test', now(), $5, now(), now() + interval '10 minutes')`,
        [ids.next(), id, NETWORK, DUE, address],
      );
      return { id, address };
    },

    ...shopFacts(pool, merchantId),
    watched,

    start({ rpcUrl, steps, ...overrides }: WatcherOptions = {}): RunningWatcher {
      const watcher = createChainWatcher({
        ...watched({
          ...(rpcUrl === undefined ? {} : { rpcUrl }),
          ...(steps ? { steps } : {}),
          ...overrides,
        }),
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
