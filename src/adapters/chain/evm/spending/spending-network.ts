import { coinOf, type NetworkAsset } from '../../../../domain/chain/networks.ts';
import type { Logger } from '../../../../usecases/ports/logger.ts';
import { evmHotAddress } from '../../derivation/hot-address.ts';
import { evmEndpoint, verifyEndpoint, type EvmEndpoint } from '../evm-endpoint.ts';
import { knownTokens } from '../evm-transfers.ts';
import { endpointHeads } from '../nodes/endpoint-heads.ts';
import { createEndpoints, type Endpoints } from '../nodes/endpoints.ts';
import { createJsonRpc } from '../nodes/json-rpc.ts';
import { chainAssets, nativeCoin, type ChainAsset } from './transfer-call.ts';

export interface SpendingConfig {
  readonly network: string;
  /** JSON-RPC over HTTP, the preferred one first. May hold the providers' keys, so no message tells them. */
  readonly rpcUrls: readonly string[];
  /** EIP-155 id that the nodes must answer with, and that every signature names. */
  readonly chainId: number;
  readonly assets: readonly NetworkAsset[];
  /** Of the account whose child `1/0` is the hot wallet. */
  readonly xpub: string;
  /** The most that is paid for a unit of gas, in wei. */
  readonly maxFeePerGas: bigint;
  readonly maxGas: MaxGas;
  /** Who says what is final: the confirmations unless said otherwise, or the node (EIP-1898's tag `finalized`). */
  readonly finality?: Finality;
  /** Whether the chain asks for its parent chain's share beside the gas (OP Stack). */
  readonly hasParentFee?: boolean;
  readonly logger: Logger;
  /** The longest wait for one answer. */
  readonly timeoutMs?: number;
}

export type Finality = 'confirmations' | 'finalized';

/** The most gas that a transfer may take: the gateway pays for the receiver's code, whatever that does. */
export interface MaxGas {
  readonly coin: bigint;
  readonly token: bigint;
}

/** A network as far as money is sent on it. */
export interface SpendingNetwork {
  readonly network: string;
  readonly chainId: number;
  /** What transactions are paid for with. */
  readonly coin: string;
  readonly hotAddress: string;
  readonly maxFeePerGas: bigint;
  readonly maxGas: MaxGas;
  readonly finality: Finality;
  readonly hasParentFee: boolean;
  readonly endpoints: Endpoints<EvmEndpoint>;
  /** How many nodes there are. */
  readonly nodes: number;
  /** Of the known tokens, EIP-55. */
  readonly contracts: ReadonlySet<string>;
  /** Throws Error for an asset that the network does not carry. */
  assetOf(code: string): ChainAsset;
}

export function spendingNetwork(config: SpendingConfig): SpendingNetwork {
  const {
    network,
    rpcUrls,
    chainId,
    maxFeePerGas,
    maxGas,
    logger,
    timeoutMs,
    finality = 'confirmations',
    hasParentFee = false,
  } = config;
  const now = () => performance.now();
  const heads = endpointHeads(now);
  const tokens = knownTokens(config.assets);
  const assets = chainAssets(config.assets);
  const coin = nativeCoin(coinOf(network));
  return {
    network,
    chainId,
    coin: coin.asset,
    hotAddress: evmHotAddress(config.xpub),
    maxFeePerGas,
    maxGas,
    finality,
    hasParentFee,
    endpoints: createEndpoints({
      network,
      endpoints: rpcUrls.map((url, index) => evmEndpoint(index + 1, createJsonRpc(url, timeoutMs), 1)),
      verify: (endpoint) => verifyEndpoint(endpoint, { chainId, tokens, heads }),
      logger,
      now,
      random: Math.random,
    }),
    nodes: rpcUrls.length,
    contracts: new Set(tokens.keys()),
    assetOf(code) {
      const asset = code === coin.asset ? coin : assets.get(code);
      if (!asset) throw new Error(`${network} carries no ${code}`);
      return asset;
    },
  };
}
