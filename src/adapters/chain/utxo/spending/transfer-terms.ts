import { TransferRefused, type SpendTransfer } from '../../../../usecases/ports/chain-spender.ts';
import type { UtxoChain } from '../../addresses/utxo-address.ts';
import { utxoScriptOf } from '../../addresses/utxo-script.ts';
import type { SpendTerms } from './settle.ts';
import { changeDustOf, dustOf, type SpendPolicy } from './spend-policy.ts';

export interface TransferRules {
  readonly network: string;
  readonly asset: string;
  readonly chain: UtxoChain;
  readonly policy: SpendPolicy;
}

/**
 * What a transaction for a transfer must do at this rate. Throws TransferRefused for less than nodes relay: they
 * would refuse it whatever it pays, and its coins would be tied to it. Throws RangeError for another network's transfer.
 */
export const createTransferTerms =
  ({ network, asset, chain, policy }: TransferRules) =>
  (transfer: SpendTransfer, feeRate: bigint): SpendTerms => {
    if (transfer.asset !== asset) throw new RangeError(`${network} has no ${transfer.asset}`);
    const script = utxoScriptOf(transfer.to, chain);
    const least = dustOf(script, policy);
    if (transfer.amount < least) {
      throw new TransferRefused(`${network}: ${transfer.amount} is less than nodes relay (${least})`);
    }
    return { arrives: transfer.amount, script: script.length, feeRate, dust: changeDustOf(policy) };
  };
