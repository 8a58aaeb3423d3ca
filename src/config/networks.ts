import { z } from 'zod';
import { url } from './readers.ts';
import type { Variables } from './variable.ts';

/** A deployment's own contract of a token; the network's decimals when they are left out. */
const contract = z.union([
  z.string().min(1),
  z.strictObject({ address: z.string().min(1), decimals: z.int().min(0).max(36).optional() }).readonly(),
]);

const network = z
  .strictObject({
    /** A network of domain/chain/networks. */
    network: z.string().min(1),
    /** Instead of `rpcUrls` where there is one. */
    rpcUrl: url('https', 'http').optional(),
    /** Nodes, the preferred one first. */
    rpcUrls: z.array(url('https', 'http')).min(1).max(10).optional(),
    /** Checked against the node at start. */
    chainId: z.int().positive().optional(),
    /** Blocks until a payment counts; the network's own number when left out. */
    confirmations: z.int().min(1).max(1_000).optional(),
    /** EVM: whether the node's word decides instead of the number of blocks. */
    finality: z.enum(['confirmations', 'finalized']).optional(),
    /** EVM: whether transfers of tokens that the gateway does not know are recorded (FEATURES D17). */
    unknownTokens: z.boolean().optional(),
    /** EVM: the most blocks that one eth_getLogs spans. */
    logChunk: z.int().min(1).max(10_000).optional(),
    /** Account-level extended public key (BIP-32); the private one never comes here. */
    xpub: z.string().regex(/^[a-z]pub[1-9A-HJ-NP-Za-km-z]{100,120}$/, 'must be an extended public key'),
    /** First block that is read when nothing was read before; a little below the newest when left out. */
    startHeight: z.int().min(0).optional(),
    /** Bitcoin family: as the node calls its chain; `main` when left out. Production takes no other. */
    chain: z.enum(['main', 'test', 'testnet4', 'signet', 'regtest']).optional(),
    /** Bitcoin family: the file in which the node writes its credentials, for URLs without them. */
    rpcCookieFile: z.string().min(1).optional(),
    pollIntervalMs: z.int().min(100).max(600_000).optional(),
    /** By asset, a decimal amount: what the operator put on the gateway's addresses besides, for gas. */
    ownFunds: z.record(z.string(), z.string()).optional(),
    /** Token contracts by asset. */
    contracts: z.record(z.string(), contract).optional(),
    /** Blocks until what the gateway sent is final; as for payments when left out. */
    payoutConfirmations: z.int().min(1).max(1_000).optional(),
    /** EVM: the most that is paid for a unit of gas. Above it payouts wait. */
    maxGasPriceGwei: z.int().min(1).max(1_000_000).optional(),
    /** EVM: the most gas that a payout's transfer may take, of whatever asset. What takes more is not sent. */
    maxTransferGas: z.int().min(21_000).max(30_000_000).optional(),
    /** EVM: by asset, the decimal amount from which on a deposit is sent to the hot wallet. Others stay where they are. */
    sweepAbove: z.record(z.string(), z.string()).optional(),
    /** Bitcoin family: the most that is paid for a virtual byte, in the coin's smallest unit. */
    maxFeeRate: z.int().min(1).max(100_000).optional(),
    /** Bitcoin family: blocks within which a payout is to be mined. */
    feeTargetBlocks: z.int().min(1).max(1_008).optional(),
    /** Bitcoin family: coins below this decimal amount are used only where larger ones do not do. */
    smallCoinBelow: z.string().optional(),
    /** Bitcoin family: when small coins are joined to one. */
    consolidate: z
      .strictObject({
        /** What a virtual byte must cost no more than, in the coin's smallest unit; 0: never. */
        feeRate: z.int().min(0).max(100_000).optional(),
        /** Small coins that must be there. */
        fewest: z.int().min(2).max(500).optional(),
        /** Coins that are joined at once. */
        most: z.int().min(2).max(500).optional(),
      })
      .readonly()
      .optional(),
  })
  .refine(
    ({ rpcUrl, rpcUrls }) => (rpcUrl === undefined) !== (rpcUrls === undefined),
    'must have rpcUrl or rpcUrls',
  )
  .readonly();

export type NetworkConfig = z.infer<typeof network>;

/** The nodes of a network, the preferred one first. */
export const nodeUrls = ({ rpcUrl, rpcUrls }: Pick<NetworkConfig, 'rpcUrl' | 'rpcUrls'>): readonly string[] =>
  rpcUrls ?? (rpcUrl === undefined ? [] : [rpcUrl]);

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});

const namedOnce = (networks: readonly NetworkConfig[]): boolean =>
  new Set(networks.map((each) => each.network)).size === networks.length;

export const networkVariables = {
  NETWORKS: {
    description:
      'Networks that are watched, a JSON list of `{ network, rpcUrls, xpub, chain?, chainId?, confirmations?, finality?, unknownTokens?, logChunk?, startHeight?, pollIntervalMs?, contracts?, rpcCookieFile?, payoutConfirmations?, maxGasPriceGwei?, maxTransferGas?, sweepAbove?, maxFeeRate?, feeTargetBlocks?, smallCoinBelow?, consolidate?, ownFunds? }`; `rpcUrl` names a single node.',
    shownDefault: '[]',
    // The URL of a node often has its key in it.
    secret: true,
    schema: json
      .pipe(z.array(network).refine(namedOnce, 'must name each network once'))
      .optional()
      .transform((networks): readonly NetworkConfig[] => networks ?? []),
  },
} as const satisfies Variables;
