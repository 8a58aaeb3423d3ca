import type { AssetCode } from '../money/currencies.ts';

/** Networks as data (FEATURES D12, D13). What differs per deployment (RPC, keys, test chains) is configuration. */
export type NetworkFamily = 'EVM' | 'UTXO';

export interface NetworkAsset {
  readonly asset: AssetCode;
  /** The ERC-20 contract, or null for the network's own coin. */
  readonly contract: string | null;
}

export interface Network {
  readonly code: string;
  readonly name: string;
  readonly family: NetworkFamily;
  /** EIP-155 chain id; null for the Bitcoin family. */
  readonly chainId: number | null;
  /** Blocks, the one with the payment included, before a payment counts as confirmed. */
  readonly confirmations: number;
  readonly assets: readonly NetworkAsset[];
}

export const NETWORKS = [
  {
    code: 'ETHEREUM',
    name: 'Ethereum',
    family: 'EVM',
    chainId: 1,
    confirmations: 12,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDC', contract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48' },
      { asset: 'USDT', contract: '0xdAC17F958D2ee523a2206206994597C13D831ec7' },
    ],
  },
  {
    code: 'CRONOS',
    name: 'Cronos',
    family: 'EVM',
    chainId: 25,
    confirmations: 12,
    assets: [
      { asset: 'CRO', contract: null },
      { asset: 'USDC', contract: '0xc21223249CA28397B4B6541dfFaEcC539BfF0c59' },
      { asset: 'USDT', contract: '0x66e428c3f67a68878562e79A0234c1F83c208770' },
    ],
  },
  {
    code: 'BITCOIN',
    name: 'Bitcoin',
    family: 'UTXO',
    chainId: null,
    confirmations: 2,
    assets: [{ asset: 'BTC', contract: null }],
  },
  {
    code: 'LITECOIN',
    name: 'Litecoin',
    family: 'UTXO',
    chainId: null,
    confirmations: 6,
    assets: [{ asset: 'LTC', contract: null }],
  },
] as const satisfies readonly Network[];

export type NetworkCode = (typeof NETWORKS)[number]['code'];

const byCode: ReadonlyMap<string, Network> = new Map(NETWORKS.map((n) => [n.code, n]));

/** The network of a code. Throws RangeError for a code that is no network of this gateway. */
export function networkOf(code: string): Network {
  const network = byCode.get(code);
  if (!network) throw new RangeError(`unknown network ${code}`);
  return network;
}

/** Whether an asset can be sent over a network. */
export const carries = (network: string, asset: string): boolean =>
  networkOf(network).assets.some((a) => a.asset === asset);
