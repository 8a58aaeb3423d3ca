import type { PaymentInBlock } from '../../domain/invoice/invoice-change.ts';
import type { DepositWriting } from './deposit-writing.ts';

/** A reorg or a replacement took the deposit away (FEATURES D12). Safe to repeat. */
export type DepositOrphan = (payment: PaymentInBlock) => Promise<void>;

export const depositOrphan =
  ({ writeDeposit }: DepositWriting): DepositOrphan =>
  async (payment) => {
    await writeDeposit(payment, () => [{ type: 'PAYMENT_ORPHANED', ...payment }]);
  };
