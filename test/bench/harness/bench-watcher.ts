import pg from 'pg';
import { createChainStore } from '../../../src/adapters/db/chain-store.ts';
import { createInvoiceStore } from '../../../src/adapters/db/invoice-store.ts';
import { createUnmatchedTransfers } from '../../../src/adapters/db/unmatched-transfers.ts';
import { createFixedRates } from '../../../src/adapters/rates/fixed-rates.ts';
import { jitteredPause } from '../../../src/adapters/system/jittered-pause.ts';
import { systemClock as clock } from '../../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import { createInvoiceWriting } from '../../../src/usecases/invoice/invoice-writing.ts';
import { paymentConfirm } from '../../../src/usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../../src/usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../../src/usecases/payment/payment-orphan.ts';
import { unmatchedTransfersRecord } from '../../../src/usecases/payment/unmatched-transfers-record.ts';
import type { ChainReader } from '../../../src/usecases/ports/chain-reader.ts';
import type { WatchedNetwork } from '../../../src/workers/chain-watcher/watched-network.ts';

/** As many as the gateway has by default. */
const CONNECTIONS = 10;

const never = (): Promise<never> => Promise.reject(new Error('nobody asks for this'));

/** The watcher's own parts over a database, without a node: blocks are made by the scenario. */
export function createBenchWatcher(databaseUrl: string): { pool: pg.Pool; network: WatchedNetwork } {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const feed = { poke: () => undefined };
  const rates = createFixedRates(clock);
  const invoices = createInvoiceStore(pool, ids);
  const writing = createInvoiceWriting({ invoices, rates, clock, ids, feed, pause: jitteredPause });
  const reader: ChainReader = {
    network: 'ETHEREUM',
    head: never,
    header: never,
    blocks: never,
    carriedOut: (_block, transfers) => Promise.resolve(transfers),
    pool: null,
  };
  const confirm = paymentConfirm(writing);
  const orphan = paymentOrphan(writing);
  const network: WatchedNetwork = {
    reader,
    store: createChainStore(pool),
    confirmations: 12,
    rememberedBlocks: 288,
    payments: { observe: paymentObserve({ ...writing, confirmations: new Map() }), confirm, orphan },
    deposits: { observe: never, confirm, orphan },
    recordUnmatched: unmatchedTransfersRecord({
      unmatched: createUnmatchedTransfers(pool),
      ids,
      clock,
      feed,
    }),
    clock,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  return { pool, network };
}
