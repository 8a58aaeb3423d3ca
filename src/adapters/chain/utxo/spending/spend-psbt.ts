import { Transaction } from '@scure/btc-signer';
import type { SignedTransaction, Signer, SpendCoin } from '../../../../usecases/ports/chain-spender.ts';
import type { AccountScripts } from './account-scripts.ts';
import type { Settled } from './settle.ts';

/** A transaction as it is to be, amounts in the smallest unit. */
export interface SpendPlan extends Settled {
  readonly coins: readonly SpendCoin[];
  /** Null when nobody is paid: all goes back. */
  readonly payee: { readonly script: Uint8Array; readonly arrives: bigint } | null;
  /** The child that change goes back to. */
  readonly changePath: string;
}

/** BIP-125: the transaction may be replaced by one that pays more. */
const REPLACEABLE = 0xffff_fffd;

/** The payee's script may be of any form; nothing else is left open. */
const OPTIONS = { allowUnknownOutputs: true };

/**
 * Has the plan signed and looks at what comes back: a signer that changed anything is a fault (Error), as is one that
 * left an input unsigned. Inputs and outputs are in the order of BIP-69, so that none tells which is the change.
 */
export async function signPlan(
  plan: SpendPlan,
  scripts: AccountScripts,
  signer: Signer,
): Promise<SignedTransaction> {
  const asked = unsignedOf(plan, scripts);
  const paths = [...new Set(plan.coins.map(({ path }) => path))];
  const done = Transaction.fromPSBT(await signer.signPsbt(asked.toPSBT(), paths), OPTIONS);
  if (!Buffer.from(asked.unsignedTx).equals(done.unsignedTx)) {
    throw new Error('the signer signed another transaction than it was asked to');
  }
  done.finalize();
  return {
    txId: done.id,
    raw: done.extract(),
    feeRate: (plan.fee * 1_000n) / BigInt(done.vsize),
    maxFee: plan.fee,
    change: plan.change === null ? null : { outputIndex: changeIndexOf(plan, scripts), amount: plan.change },
  };
}

function unsignedOf(plan: SpendPlan, scripts: AccountScripts): Transaction {
  const transaction = new Transaction(OPTIONS);
  for (const coin of plan.coins.toSorted(byTransaction)) {
    transaction.addInput({
      txid: coin.txId,
      index: coin.outputIndex,
      sequence: REPLACEABLE,
      witnessUtxo: { amount: coin.amount, script: scripts.of(coin.path).script },
    });
  }
  for (const { script, amount } of outputsOf(plan, scripts)) transaction.addOutput({ script, amount });
  return transaction;
}

interface Output {
  readonly script: Uint8Array;
  readonly amount: bigint;
  readonly isChange: boolean;
}

function outputsOf(plan: SpendPlan, scripts: AccountScripts): readonly Output[] {
  const outputs: Output[] = [];
  if (plan.payee) outputs.push({ script: plan.payee.script, amount: plan.payee.arrives, isChange: false });
  if (plan.change !== null) {
    outputs.push({ script: scripts.of(plan.changePath).script, amount: plan.change, isChange: true });
  }
  return outputs.toSorted((a, b) =>
    a.amount === b.amount ? Buffer.compare(a.script, b.script) : Number(a.amount > b.amount) * 2 - 1,
  );
}

const changeIndexOf = (plan: SpendPlan, scripts: AccountScripts): number =>
  outputsOf(plan, scripts).findIndex(({ isChange }) => isChange);

const byTransaction = (a: SpendCoin, b: SpendCoin): number => {
  if (a.txId === b.txId) return a.outputIndex - b.outputIndex;
  return a.txId < b.txId ? -1 : 1;
};
