import type { Actor } from '../../domain/access/actor.ts';
import { carries } from '../../domain/chain/networks.ts';
import { positiveAmount } from '../amount-input.ts';
import { TEST_BLOCK } from '../payment/test-payment-simulate.ts';
import type { Clock } from '../ports/clock.ts';
import type { StaticWalletStore } from '../ports/static-wallet-store.ts';
import { done, refuse, type Result } from '../result.ts';
import type { DepositWriting } from './deposit-writing.ts';
import { staticWalletFor } from './static-wallet-place.ts';

export interface TestDepositSimulateInput {
  readonly staticWalletId: string;
  readonly asset: string;
  /** A decimal in whole units of the asset. */
  readonly amount: string;
}

/** Sends a deposit to a TEST wallet without a chain: seen and confirmed at once (FEATURES D16). */
export type TestDepositSimulate = (
  actor: Actor,
  input: TestDepositSimulateInput,
) => Promise<Result<{ paymentId: string }>>;

export interface TestDepositSimulateDeps extends DepositWriting {
  readonly staticWallets: Pick<StaticWalletStore, 'byId'>;
  readonly clock: Clock;
}

export const testDepositSimulate =
  ({ staticWallets, writeDeposit, ids, clock }: TestDepositSimulateDeps): TestDepositSimulate =>
  async (actor, { staticWalletId, asset, amount: decimal }) => {
    const found = await staticWalletFor(staticWallets, actor, 'static_wallet:write', staticWalletId);
    if (!found.ok) return found;
    const { mode, network } = found.value;
    const amount = positiveAmount(decimal, asset);
    if (amount === null) {
      return refuse(
        'INVALID_INPUT',
        `The amount is no positive decimal of ${asset}, or too large.`,
        'amount',
      );
    }
    if (mode !== 'TEST')
      return refuse('TEST_MODE_ONLY', 'Only a TEST wallet can get a deposit by simulation.');
    if (!carries(network, asset))
      return refuse('ASSET_NOT_AVAILABLE', `${asset} is not sent over ${network}.`, 'asset');
    const paymentId = ids.next();
    const txId = `test-${paymentId}`;
    const transfer = {
      id: paymentId,
      network,
      txId,
      outputIndex: 0,
      asset,
      amount,
      blockHeight: 0n,
      blockHash: TEST_BLOCK,
      at: clock.now(),
      confirmationsRequired: 1,
    };
    await writeDeposit(
      { staticWalletId, network, txId, outputIndex: 0 },
      () => [
        { type: 'TRANSFER_SEEN', transfer },
        { type: 'PAYMENT_CONFIRMED', paymentId, blockHash: TEST_BLOCK },
      ],
      actor,
    );
    return done({ paymentId });
  };
