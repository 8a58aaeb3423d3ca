import { mnemonicToSeed, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Sealer } from '../../usecases/ports/secrets.ts';
import { accountKey } from './account-key.ts';
import { SEED_SEAL } from './local-signer.ts';

/**
 * The seed of a mnemonic (BIP-39, English, without a passphrase), sealed for its network. Throws Error, which repeats no
 * word, when the mnemonic is none or not that of the account that addresses are derived from.
 */
export async function sealSeed(
  mnemonic: string,
  { network, xpub, sealer }: { readonly network: string; readonly xpub: string; readonly sealer: Sealer },
): Promise<Uint8Array> {
  const words = mnemonic.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ');
  if (!validateMnemonic(words, wordlist))
    throw new Error('these are not the words of a mnemonic: a word is unknown, or the checksum does not fit');
  const seed = await mnemonicToSeed(words);
  try {
    accountKey(network, seed, xpub).wipePrivateData();
    return sealer.seal(SEED_SEAL, network, seed);
  } finally {
    seed.fill(0);
  }
}
