import type { Actor } from '../../domain/access/actor.ts';
import { positiveAmount } from '../amount-input.ts';
import { invoiceFor } from '../invoice/invoice-place.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';
import type { Clock } from '../ports/clock.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import { done, refuse, type Result } from '../result.ts';

export interface TestPaymentSimulateInput {
  readonly invoiceId: string;
  readonly quoteId: string;
  /** A decimal in whole units of the quote's asset; the quoted amount when left out. */
  readonly amount?: string | null | undefined;
}

/** Pays a TEST invoice without a chain: seen and confirmed at once (FEATURES D16). */
export type TestPaymentSimulate = (
  actor: Actor,
  input: TestPaymentSimulateInput,
) => Promise<Result<{ invoiceId: string }>>;

export interface TestPaymentSimulateDeps extends InvoiceWriting {
  readonly invoices: Pick<InvoiceStore, 'snapshot'>;
  readonly clock: Clock;
}

/** No chain, no block. */
export const TEST_BLOCK = 'test';

export const testPaymentSimulate =
  ({ invoices, writeInvoice, ids, clock }: TestPaymentSimulateDeps): TestPaymentSimulate =>
  async (actor, input) => {
    const found = await invoiceFor(invoices, actor, 'invoice:write', input.invoiceId);
    if (!found.ok) return found;
    const { invoice } = found.value;
    if (invoice.mode !== 'TEST')
      return refuse('TEST_MODE_ONLY', 'Only a TEST invoice can be paid by simulation.');
    const quote = invoice.quotes.find((q) => q.id === input.quoteId);
    if (!quote) return refuse('NOT_FOUND', 'The invoice has no such quote.', 'quoteId');
    const amount = input.amount ? positiveAmount(input.amount, quote.asset) : quote.amount;
    if (amount === null) {
      return refuse(
        'INVALID_INPUT',
        `The amount is no positive decimal of ${quote.asset}, or too large.`,
        'amount',
      );
    }
    const paymentId = ids.next();
    await writeInvoice(
      { invoiceId: invoice.id },
      () => [
        {
          type: 'TRANSFER_SEEN',
          transfer: {
            id: paymentId,
            network: quote.network,
            txId: `test-${paymentId}`,
            outputIndex: 0,
            asset: quote.asset,
            amount,
            blockHeight: 0n,
            blockHash: TEST_BLOCK,
            at: clock.now(),
            confirmationsRequired: 1,
          },
        },
        { type: 'PAYMENT_CONFIRMED', paymentId, blockHash: TEST_BLOCK },
      ],
      actor,
    );
    return done({ invoiceId: invoice.id });
  };
