import { getAddress, isAddress, zeroAddress } from 'viem';
import type { Network } from '../../../domain/chain/networks.ts';

/**
 * The EIP-55 form. Capitals and small letters together must be a right checksum; all small ones have none. The zero
 * address and the contracts of the network's tokens are refused: what is sent there is lost.
 */
export function canonicalEvmAddress(text: string, { assets }: Pick<Network, 'assets'>): string | null {
  if (!isAddress(text, { strict: true })) return null;
  const address = getAddress(text);
  const isLost =
    address === zeroAddress ||
    assets.some(({ contract }) => contract?.toLowerCase() === address.toLowerCase());
  return isLost ? null : address;
}
