import { bytesToHex } from '@noble/hashes/utils.js';
import type { HDKey } from '@scure/bip32';
import { p2wpkh, SigHash, Transaction } from '@scure/btc-signer';

const PATH = /^([01])\/(\d{1,10})$/;
const FIRST_HARDENED = 2 ** 31;

/**
 * Signs those inputs of a PSBT (BIP-174) that pay from P2WPKH of these children of an account (BIP-84), each over the
 * whole transaction (SIGHASH_ALL, BIP-143, which the amounts are part of). Throws Error, with no key in it, when a path
 * is of another form, has no input here, or an input asks for another kind of signature.
 *
 * @param account the account's private key, at depth 3
 * @param paths such as `0/17` and `1/0`
 */
export function signPsbtInputs(account: HDKey, psbt: Uint8Array, paths: readonly string[]): Uint8Array {
  const transaction = Transaction.fromPSBT(psbt, { allowUnknownOutputs: true });
  const inputs = inputsByScript(transaction);
  for (const path of new Set(paths)) {
    withChild(account, path, (privateKey, script) => {
      const own = inputs.get(script);
      if (!own) throw new Error(`the PSBT has no input of ${path}`);
      for (const index of own) transaction.signIdx(privateKey, index, [SigHash.ALL]);
    });
  }
  return transaction.toPSBT();
}

/** Indexes by the script that they spend, in hexadecimal. */
function inputsByScript(transaction: Transaction): ReadonlyMap<string, readonly number[]> {
  const inputs = new Map<string, number[]>();
  for (let index = 0; index < transaction.inputsLength; index += 1) {
    const { witnessUtxo } = transaction.getInput(index);
    if (!witnessUtxo) continue;
    const script = bytesToHex(witnessUtxo.script);
    inputs.set(script, [...(inputs.get(script) ?? []), index]);
  }
  return inputs;
}

/** Works with the private key of a child and the script that it can spend from, in hexadecimal; wipes what it derived. */
function withChild(
  account: HDKey,
  path: string,
  work: (privateKey: Uint8Array, script: string) => void,
): void {
  const [, chain, index] = PATH.exec(path) ?? [];
  if (chain === undefined || Number(index) >= FIRST_HARDENED) {
    throw new Error(`${path} is no path below an account`);
  }
  const parent = account.deriveChild(Number(chain));
  const key = parent.deriveChild(Number(index));
  const { privateKey, publicKey } = key;
  try {
    if (!privateKey || !publicKey) throw new Error('the account key is none that can sign');
    work(privateKey, bytesToHex(p2wpkh(publicKey).script));
  } finally {
    // A copy, which the key does not wipe itself.
    privateKey?.fill(0);
    key.wipePrivateData();
    parent.wipePrivateData();
  }
}
