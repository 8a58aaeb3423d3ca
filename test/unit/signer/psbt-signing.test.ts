import { HDKey } from '@scure/bip32';
import { p2wpkh, Transaction } from '@scure/btc-signer';
import { describe, expect, it } from 'vitest';
import { signPsbtInputs } from '../../../src/adapters/signer/psbt-signing.ts';

/** BIP-84, "Test vectors": the account of the seed of eleven times abandon, then about. */
const ZPRV = { public: 0x04b24746, private: 0x04b2430c };
const account = HDKey.fromExtendedKey(
  'zprvAdG4iTXWBoARxkkzNpNh8r6Qag3irQB8PzEMkAFeTRXxHpbF9z4QgEvBRmfvqWvGp42t42nvgGpNgYSJA9iefm1yYNZKEm7z6qUWCroSQnE',
  ZPRV,
);

const scriptOf = (chain: number, index: number): Uint8Array => {
  const { publicKey } = account.deriveChild(chain).deriveChild(index);
  if (!publicKey) throw new Error('no public key');
  return p2wpkh(publicKey).script;
};

const psbtOf = (scripts: readonly Uint8Array[], sighashType?: number): Uint8Array => {
  const transaction = new Transaction();
  for (const [index, script] of scripts.entries()) {
    const input = { txid: 'ab'.repeat(32), index, witnessUtxo: { amount: 10_000n, script } };
    transaction.addInput(sighashType === undefined ? input : { ...input, sighashType });
  }
  transaction.addOutput({ script: scriptOf(1, 0), amount: 9_000n });
  return transaction.toPSBT();
};

const signaturesOf = (psbt: Uint8Array): number[] => {
  const transaction = Transaction.fromPSBT(psbt);
  return Array.from(
    { length: transaction.inputsLength },
    (_, i) => transaction.getInput(i).partialSig?.length ?? 0,
  );
};

describe('a PSBT', () => {
  it('is of the account of the BIP-84 vectors', () => {
    const { publicKey } = account.deriveChild(0).deriveChild(0);
    expect(publicKey && p2wpkh(publicKey).address).toBe('bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu');
  });

  it('is signed for all inputs of the paths, and can be mined', () => {
    const psbt = psbtOf([scriptOf(0, 0), scriptOf(0, 7), scriptOf(0, 0), scriptOf(1, 0)]);
    const signed = signPsbtInputs(account, psbt, ['0/0', '0/7', '1/0']);
    expect(signaturesOf(signed)).toEqual([1, 1, 1, 1]);
    const transaction = Transaction.fromPSBT(signed);
    transaction.finalize();
    expect(transaction.extract().length).toBeGreaterThan(0);
    // The same again: signatures are deterministic (RFC 6979).
    expect(signPsbtInputs(account, psbt, ['0/0', '0/7', '1/0'])).toEqual(signed);
  });

  it('is left alone where no path says so', () => {
    const signed = signPsbtInputs(account, psbtOf([scriptOf(0, 0), scriptOf(0, 7)]), ['0/7']);
    expect(signaturesOf(signed)).toEqual([0, 1]);
  });

  it('is refused for paths that have no input, other paths, other signatures and keys that cannot sign', () => {
    const psbt = psbtOf([scriptOf(0, 0)]);
    expect(() => signPsbtInputs(account, psbt, ['0/1'])).toThrow('the PSBT has no input of 0/1');
    for (const path of ["0'/0", '2/0', '0/0/0', 'm/0/0', '0/2147483648', '0/-1', '']) {
      expect(() => signPsbtInputs(account, psbt, [path])).toThrow('is no path below an account');
    }
    const watching = HDKey.fromExtendedKey(account.publicExtendedKey, ZPRV);
    expect(() => signPsbtInputs(watching, psbt, ['0/0'])).toThrow('none that can sign');
    // SIGHASH_NONE would let anybody choose the outputs.
    expect(() => signPsbtInputs(account, psbtOf([scriptOf(0, 0)], 2), ['0/0'])).toThrow('sigHash');
  });
});
