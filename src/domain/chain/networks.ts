import { currencyOf, type AssetCode } from '../money/currencies.ts';

/** Networks as data (FEATURES D12, D13). What differs per deployment (RPC, keys, test chains) is configuration. */
export type NetworkFamily = 'EVM' | 'UTXO';

export interface NetworkAsset {
  readonly asset: AssetCode;
  /** The ERC-20 contract, or null for the network's own coin. */
  readonly contract: string | null;
  /**
   * Digits that the token counts with, where they are not the currency's exponent. What is below the currency's smallest
   * unit is no money of this gateway.
   */
  readonly decimals?: number;
}

export interface Network {
  readonly code: string;
  readonly name: string;
  readonly family: NetworkFamily;
  /** Its own coin, in which transactions are paid for. */
  readonly coin: string;
  /** EIP-155 chain id; null for the Bitcoin family. */
  readonly chainId: number | null;
  /** Blocks, the one with the payment included, before a payment counts as confirmed. */
  readonly confirmations: number;
  readonly assets: readonly NetworkAsset[];
}

export const NETWORKS = [
  {
    code: 'ETHEREUM',
    coin: 'ETH',
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
    coin: 'CRO',
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
    code: 'BSC',
    coin: 'BNB',
    name: 'BNB Smart Chain',
    family: 'EVM',
    chainId: 56,
    confirmations: 15,
    assets: [
      { asset: 'USDC', contract: '0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d', decimals: 18 },
      { asset: 'USDT', contract: '0x55d398326f99059fF775485246999027B3197955', decimals: 18 },
    ],
  },
  {
    code: 'POLYGON',
    coin: 'POL',
    name: 'Polygon',
    family: 'EVM',
    chainId: 137,
    confirmations: 128,
    assets: [
      { asset: 'USDC', contract: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359' },
      { asset: 'USDT', contract: '0xc2132D05D31c914a87C6611C10748AEb04B58e8F' },
    ],
  },
  // What follows is ordered by one sequencer: the blocks say little, the tag `finalized` that Ethereum has them.
  {
    code: 'ARBITRUM',
    coin: 'ETH',
    name: 'Arbitrum One',
    family: 'EVM',
    chainId: 42_161,
    confirmations: 120,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDC', contract: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831' },
      { asset: 'USDT', contract: '0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9' },
    ],
  },
  {
    code: 'OPTIMISM',
    coin: 'ETH',
    name: 'OP Mainnet',
    family: 'EVM',
    chainId: 10,
    confirmations: 30,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDC', contract: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85' },
    ],
  },
  {
    code: 'BASE',
    coin: 'ETH',
    name: 'Base',
    family: 'EVM',
    chainId: 8_453,
    confirmations: 30,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDC', contract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
    ],
  },
  {
    code: 'BITCOIN',
    coin: 'BTC',
    name: 'Bitcoin',
    family: 'UTXO',
    chainId: null,
    confirmations: 2,
    assets: [{ asset: 'BTC', contract: null }],
  },
  {
    code: 'LITECOIN',
    coin: 'LTC',
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

/** The coin in which a network's transactions are paid for. */
export const coinOf = (network: string): string => networkOf(network).coin;

/** Digits that a network counts an asset with. */
export const tokenDecimals = ({ asset, decimals }: NetworkAsset): number =>
  decimals ?? currencyOf(asset).exponent;

/** Whether an asset can be sent over a network. */
export const carries = (network: string, asset: string): boolean =>
  networkOf(network).assets.some((a) => a.asset === asset);
