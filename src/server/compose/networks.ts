import type { Config } from '../../config/config.ts';
import { NETWORKS } from '../../domain/chain/networks.ts';

/**
 * What is wrong with NETWORKS in view of the networks that the gateway knows. Every fault, so that they are mended
 * together; nothing of this shows later, when a payer has an address.
 */
export function networkFaults({ networks, environment }: Pick<Config, 'networks' | 'environment'>): string[] {
  const faults: string[] = [];
  const ownerOf = new Map<string, string>();
  for (const { network, xpub, chainId, contracts } of networks) {
    const known = NETWORKS.find(({ code }) => code === network);
    if (!known) {
      faults.push(`NETWORKS: ${network} is no network of this gateway`);
      continue;
    }
    // One key would give one address to two invoices on two networks, and money sent over the wrong one to a stranger.
    const other = ownerOf.get(xpub);
    if (other !== undefined)
      faults.push(`NETWORKS: ${network} and ${other} need extended public keys of their own`);
    ownerOf.set(xpub, network);
    if (known.family === 'UTXO' && environment === 'production') {
      faults.push(`NETWORKS: ${network} cannot be watched yet`);
    }
    if (known.family === 'EVM' && (chainId ?? known.chainId) === null)
      faults.push(`NETWORKS: ${network} needs a chainId`);
    for (const [asset, contract] of Object.entries(contracts ?? {})) {
      if (!known.assets.some((row) => row.asset === asset && row.contract !== null)) {
        faults.push(`NETWORKS: ${network} has no token ${asset}`);
      } else if (!/^0x[0-9a-fA-F]{40}$/.test(contract)) {
        faults.push(`NETWORKS: the contract of ${asset} on ${network} is no address`);
      }
    }
  }
  return faults;
}
