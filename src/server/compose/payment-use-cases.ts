import { invoiceCancel } from '../../usecases/invoice/invoice-cancel.ts';
import { invoiceCreate } from '../../usecases/invoice/invoice-create.ts';
import { quoteCreate } from '../../usecases/invoice/quote-create.ts';
import { testPaymentSimulate } from '../../usecases/payment/test-payment-simulate.ts';
import { telegramLinkCreate } from '../../usecases/telegram/telegram-link-create.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of invoices, payments and Telegram links. */
export const paymentUseCases = (parts: Parts) => ({
  invoiceCreate: invoiceCreate(parts),
  quoteCreate: quoteCreate(parts),
  invoiceCancel: invoiceCancel(parts),
  testPaymentSimulate: testPaymentSimulate(parts),
  telegramLinkCreate: telegramLinkCreate(parts),
});
