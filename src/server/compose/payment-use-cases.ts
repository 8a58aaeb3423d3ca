import { feeScheduleRemove } from '../../usecases/fee/fee-schedule-remove.ts';
import { feeScheduleSet } from '../../usecases/fee/fee-schedule-set.ts';
import { invoiceAccept } from '../../usecases/invoice/invoice-accept.ts';
import { invoiceCancel } from '../../usecases/invoice/invoice-cancel.ts';
import { invoiceCreate } from '../../usecases/invoice/invoice-create.ts';
import { invoiceSend } from '../../usecases/invoice/invoice-send.ts';
import { quoteCreate } from '../../usecases/invoice/quote-create.ts';
import { paymentResolve, paymentResolvePreview } from '../../usecases/payment/payment-resolve.ts';
import { testPaymentSimulate } from '../../usecases/payment/test-payment-simulate.ts';
import { savedViewRemove } from '../../usecases/saved-view/saved-view-remove.ts';
import { savedViewSave } from '../../usecases/saved-view/saved-view-save.ts';
import { rateRead } from '../../usecases/rate/rate-read.ts';
import { paymentLinkCreate } from '../../usecases/payment-link/payment-link-create.ts';
import { paymentLinkDisable } from '../../usecases/payment-link/payment-link-disable.ts';
import { paymentLinkEnable } from '../../usecases/payment-link/payment-link-enable.ts';
import { paymentLinkPay } from '../../usecases/payment-link/payment-link-pay.ts';
import { paymentLinkUpdate } from '../../usecases/payment-link/payment-link-update.ts';
import { staticWalletActivate } from '../../usecases/static-wallet/static-wallet-activate.ts';
import { staticWalletBlock } from '../../usecases/static-wallet/static-wallet-block.ts';
import { staticWalletCreate } from '../../usecases/static-wallet/static-wallet-create.ts';
import { testDepositSimulate } from '../../usecases/static-wallet/test-deposit-simulate.ts';
import { telegramLinkCreate } from '../../usecases/telegram/telegram-link-create.ts';
import { telegramLinkDisconnect } from '../../usecases/telegram/telegram-link-disconnect.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of invoices, payments and Telegram links. */
export const paymentUseCases = (parts: Parts) => ({
  invoiceCreate: invoiceCreate(parts),
  quoteCreate: quoteCreate(parts),
  invoiceCancel: invoiceCancel(parts),
  invoiceAccept: invoiceAccept(parts),
  invoiceSend: invoiceSend(parts),
  paymentResolve: paymentResolve(parts),
  paymentResolvePreview: paymentResolvePreview(parts),
  testPaymentSimulate: testPaymentSimulate(parts),
  savedViewSave: savedViewSave(parts),
  savedViewRemove: savedViewRemove(parts),
  rateRead: rateRead(parts),
  feeScheduleSet: feeScheduleSet(parts),
  feeScheduleRemove: feeScheduleRemove(parts),
  staticWalletCreate: staticWalletCreate(parts),
  staticWalletBlock: staticWalletBlock(parts),
  staticWalletActivate: staticWalletActivate(parts),
  testDepositSimulate: testDepositSimulate(parts),
  paymentLinkCreate: paymentLinkCreate(parts),
  paymentLinkUpdate: paymentLinkUpdate(parts),
  paymentLinkDisable: paymentLinkDisable(parts),
  paymentLinkEnable: paymentLinkEnable(parts),
  paymentLinkPay: paymentLinkPay(parts),
  telegramLinkCreate: telegramLinkCreate(parts),
  telegramLinkDisconnect: telegramLinkDisconnect(parts),
});
