import { getAddress, isAddress } from 'viem/utils';
import type { Network } from '../../../domain/chain/networks.ts';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/**
 * The EIP-55 form. Capitals and small letters together must be a right checksum; all small ones have none. The zero
 * address and the contracts of the network's tokens are refused: what is sent there is lost.
 */
export function canonicalEvmAddress(text: string, { assets }: Pick<Network, 'assets'>): string | null {
  if (!isAddress(text, { strict: true })) return null;
  const address = getAddress(text);
  const isLost =
    address === ZERO_ADDRESS ||
    assets.some(({ contract }) => contract?.toLowerCase() === address.toLowerCase());
  return isLost ? null : address;
}
