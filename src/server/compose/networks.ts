import type { Config } from '../../config/config.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { NETWORKS, type Network } from '../../domain/chain/networks.ts';
import { parseAmount } from '../../domain/money/money.ts';
import { chainFaults } from './utxo-networks.ts';

/**
 * What is wrong with NETWORKS in view of the networks that the gateway knows. Every fault, so that they are mended
 * together; nothing of this shows later, when a payer has an address.
 */
export function networkFaults({ networks, environment }: Pick<Config, 'networks' | 'environment'>): string[] {
  const faults: string[] = [];
  const ownerOf = new Map<string, string>();
  for (const settings of networks) {
    const { network, xpub, chainId } = settings;
    const known: Network | undefined = NETWORKS.find(({ code }) => code === network);
    if (!known) {
      faults.push(`NETWORKS: ${network} is no network of this gateway`);
      continue;
    }
    // One key would give one address to two invoices on two networks, and money sent over the wrong one to a stranger.
    const other = ownerOf.get(xpub);
    if (other !== undefined)
      faults.push(`NETWORKS: ${network} and ${other} need extended public keys of their own`);
    ownerOf.set(xpub, network);
    faults.push(...chainFaults(settings, environment));
    if (known.family === 'EVM' && (chainId ?? known.chainId) === null)
      faults.push(`NETWORKS: ${network} needs a chainId`);
    faults.push(
      ...nodeFaults(settings),
      ...contractFaults(settings, known),
      ...evmOnlyFaults(settings, known),
      ...amountFaults(settings, known),
    );
  }
  return faults;
}

const nodeFaults = (settings: NetworkConfig): string[] =>
  new Set(nodeUrls(settings)).size === nodeUrls(settings).length
    ? []
    : [`NETWORKS: ${settings.network} names a node twice`];

const contractFaults = ({ network, contracts }: NetworkConfig, known: Network): string[] =>
  Object.entries(contracts ?? {}).flatMap(([asset, own]) => {
    if (!known.assets.some((row) => row.asset === asset && row.contract !== null)) {
      return [`NETWORKS: ${network} has no token ${asset}`];
    }
    const address = typeof own === 'string' ? own : own.address;
    return /^0x[0-9a-fA-F]{40}$/.test(address)
      ? []
      : [`NETWORKS: the contract of ${asset} on ${network} is no address`];
  });

const amountFaults = (
  { network, sweepAbove = {}, smallCoinBelow, ownFunds = {} }: NetworkConfig,
  known: Network,
): string[] => [
  ...Object.entries(sweepAbove).flatMap(([asset, amount]) => {
    if (!known.assets.some((row) => row.asset === asset))
      return [`NETWORKS: ${network} has no ${asset} to sweep`];
    return isAmount(amount, asset) ? [] : [`NETWORKS: ${network} cannot sweep ${asset} above ${amount}`];
  }),
  ...(smallCoinBelow === undefined || isAmount(smallCoinBelow, known.coin)
    ? []
    : [`NETWORKS: ${network} has no coins of ${smallCoinBelow}`]),
  ...Object.entries(ownFunds).flatMap(([asset, amount]) =>
    known.assets.some((row) => row.asset === asset) && parseAmount(amount, asset) !== null
      ? []
      : [`NETWORKS: ${network} has no own funds of ${amount} ${asset}`],
  ),
];

const isAmount = (decimal: string, asset: string): boolean => (parseAmount(decimal, asset) ?? 0n) > 0n;

const EVM_ONLY = [
  'finality',
  'unknownTokens',
  'logChunk',
  'maxGasPriceGwei',
  'maxTransferGas',
  'sweepAbove',
] as const;

const evmOnlyFaults = (settings: NetworkConfig, { family, code }: Network): string[] =>
  family === 'EVM'
    ? []
    : EVM_ONLY.filter((name) => settings[name] !== undefined).map(
        (name) => `NETWORKS: ${code} has no ${name}`,
      );
