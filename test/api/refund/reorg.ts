import type { Pool } from 'pg';
import { createInvoiceStore } from '../../../src/adapters/db/invoice-store.ts';
import { jitteredPause } from '../../../src/adapters/system/jittered-pause.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import { createInvoiceWriting } from '../../../src/usecases/invoice/invoice-writing.ts';
import { paymentConfirm } from '../../../src/usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../../src/usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../../src/usecases/payment/payment-orphan.ts';
import { TEST_BLOCK } from '../../../src/usecases/payment/test-payment-simulate.ts';
import { rowIdOf } from '../../testkit/facts.ts';

/** What a watcher tells of a simulated payment when the chain takes it back and shows it again, on the real database. */
export function reorgOf(pool: Pool, payment: { readonly id: string }) {
  const writing = createInvoiceWriting({
    invoices: createInvoiceStore(pool, ids),
    rates: { table: async () => ({ rateOf: () => null }) },
    clock: systemClock,
    feed: { poke: () => undefined },
    pause: jitteredPause,
    ids,
  });
  const paymentId = rowIdOf(payment.id);
  let blockHash = TEST_BLOCK;
  return {
    takenBack: () => paymentOrphan(writing)({ paymentId, blockHash }),

    async shownAgain() {
      const { rows } = await pool.query<{
        invoiceId: string;
        network: string;
        txId: string;
        outputIndex: number;
        asset: string;
        amount: string;
      }>(
        `SELECT invoice_id AS "invoiceId", network, tx_id AS "txId", output_index AS "outputIndex", asset,
           amount::text FROM payment WHERE id = $1`,
        [paymentId],
      );
      const [row] = rows;
      if (!row) throw new Error(`there is no payment ${paymentId}`);
      const { network, invoiceId, ...transfer } = row;
      blockHash = `again-${ids.next()}`;
      await paymentObserve({ ...writing, confirmations: new Map() })({
        network,
        invoiceId,
        block: { height: 1n, hash: blockHash },
        at: new Date(),
        transfer: { ...transfer, amount: BigInt(transfer.amount), to: '', contract: null },
      });
      await paymentConfirm(writing)({ paymentId, blockHash });
    },
  };
}
