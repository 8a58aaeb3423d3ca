import type { NetworkConfig } from '../../config/networks.ts';
import { networkOf, type NetworkAsset } from '../../domain/chain/networks.ts';
import type { CanSend } from '../../usecases/ports/can-send.ts';

export function chainIdOf({ network, chainId }: NetworkConfig): number {
  const known = chainId ?? networkOf(network).chainId;
  if (known === null) throw new Error(`${network} has no chain id`);
  return known;
}

/** What can be sent over the configured networks. */
export const canSendOf =
  (networks: readonly NetworkConfig[]): CanSend =>
  (network, asset) =>
    networks.some(
      (settings) => settings.network === network && assetsOf(settings).some((row) => row.asset === asset),
    );

/**
 * The network's assets, with the contracts that this deployment names instead. On another chain than the network's own (a
 * test chain) stand other contracts: there is no token but those that are named.
 */
export const assetsOf = ({ network, chainId, contracts }: NetworkConfig): readonly NetworkAsset[] => {
  const known = networkOf(network);
  const isOwnChain = chainId === undefined || chainId === known.chainId;
  return known.assets.flatMap((row) => {
    const own = contracts?.[row.asset];
    if (own === undefined) return isOwnChain || row.contract === null ? [row] : [];
    if (typeof own === 'string') return [{ ...row, contract: own }];
    const { address, decimals } = own;
    return [{ ...row, contract: address, ...(decimals === undefined ? {} : { decimals }) }];
  });
};
