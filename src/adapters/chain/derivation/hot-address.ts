import { evmAddress, publicKeyOf } from './address-deriver.ts';
import { readExtendedPublicKey } from './extended-public-key.ts';

/** BIP-44: the chain that is not shown to payers, and its first address: the wallet that payouts leave from. */
export const HOT_PATH = '1/0';
const INTERNAL_CHAIN = 1;

/** The hot wallet of an EVM network (EIP-55). Throws Error that never repeats the key. */
export const evmHotAddress = (xpub: string): string =>
  evmAddress(publicKeyOf(readExtendedPublicKey(xpub).node.deriveChild(INTERNAL_CHAIN).deriveChild(0)));
