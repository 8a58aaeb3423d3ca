import type { PaymentInBlock } from '../../domain/invoice/invoice-change.ts';
import type { DepositWriting } from './deposit-writing.ts';

/** The deposit has its network's confirmations: it is credited, or held. Safe to repeat. */
export type DepositConfirm = (payment: PaymentInBlock) => Promise<void>;

export const depositConfirm =
  ({ writeDeposit }: DepositWriting): DepositConfirm =>
  async (payment) => {
    await writeDeposit(payment, () => [{ type: 'PAYMENT_CONFIRMED', ...payment }]);
  };
