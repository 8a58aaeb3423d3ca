import type {
  SignedTransaction,
  Signer,
  SpendCoin,
  SpendTransfer,
} from '../../../../usecases/ports/chain-spender.ts';
import type { UtxoChain } from '../../addresses/utxo-address.ts';
import { utxoScriptOf } from '../../addresses/utxo-script.ts';
import type { AccountScripts } from './account-scripts.ts';
import { sumOf } from './coin-choice.ts';
import { settle, settleJoined, type CostTerms, type SpendTerms } from './settle.ts';
import { signPlan } from './spend-psbt.ts';

interface Signing {
  readonly chain: UtxoChain;
  readonly scripts: AccountScripts;
  readonly signer: Signer;
  readonly termsOf: (transfer: SpendTransfer, feeRate: bigint) => SpendTerms;
  /** Dust of change. */
  readonly dust: bigint;
}

/** Signs a transfer with all of some coins; null when they do not do. */
export type SignTransfer = (
  transfer: SpendTransfer,
  coins: readonly SpendCoin[],
  cost: Pick<CostTerms, 'feeRate' | 'leastFee'>,
) => Promise<SignedTransaction | null>;

/** Change goes back here, all of it: the gateway's own money is no secret to itself. */
export const CHANGE_PATH = '1/0';

/**
 * A transfer to the change address joins coins: all that the fee leaves goes there, whatever amount the transfer names.
 * It is the only one to it, since the spender gives no other one a place.
 */
export function createSigning({ chain, scripts, signer, termsOf, dust }: Signing): SignTransfer {
  const own = scripts.of(CHANGE_PATH).address;
  return async (transfer, coins, cost) => {
    const [total, inputs] = [sumOf(coins), coins.length];
    const isJoining = transfer.to === own;
    const settled = isJoining
      ? settleJoined(total, inputs, { dust, ...cost })
      : settle(total, inputs, { ...termsOf(transfer, cost.feeRate), ...cost });
    if (!settled) return null;
    const payee = isJoining ? null : { script: utxoScriptOf(transfer.to, chain), arrives: transfer.amount };
    return await signPlan({ ...settled, coins, payee, changePath: CHANGE_PATH }, scripts, signer);
  };
}
