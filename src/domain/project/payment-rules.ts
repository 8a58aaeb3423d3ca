import { NETWORKS, type NetworkCode } from '../chain/networks.ts';

/** What happens to money that does not fit its invoice (RULES 3): kept for a decision, credited, or sent back. */
export type PaymentPolicy = 'HOLD' | 'CREDIT' | 'REBOUND';

/** The occasions that have a policy, with what goes for a project that did not choose (RULES 3). */
export const DEFAULT_POLICIES = {
  underpaid: 'HOLD',
  overpaid: 'CREDIT',
  late: 'HOLD',
  duplicate: 'HOLD',
} as const satisfies Record<string, PaymentPolicy>;

export type PolicyOccasion = keyof typeof DEFAULT_POLICIES;

/** Who bears the network fee of the fee schedule. */
export type NetworkFeePayer = 'MERCHANT' | 'PAYER';

export const DEFAULT_NETWORK_FEE_PAYER: NetworkFeePayer = 'MERCHANT';

/** A bound in seconds, and what goes for a project that did not choose. */
export interface SecondsRule {
  readonly least: number;
  readonly most: number;
  readonly default: number;
}

/** How long a quote keeps its rate: the longer, the more the rate can be played with (RULES 6). */
export const RATE_LOCK: SecondsRule = { least: 60, most: 7 * 24 * 3600, default: 900 };

/** How long the policies hold after an invoice's end (DESIGN §5). */
export const MONITORING: SecondsRule = { least: 0, most: 30 * 24 * 3600, default: 24 * 3600 };

/** Hundredths of a per cent. A larger spread is another price. */
export const MAX_RATE_SPREAD_BASIS_POINTS = 1_000;

/** What a project asks for, as it stands when money moves. */
export interface PaymentRules {
  /** In the smallest unit of underpaidCurrency; both or neither. It holds for invoices priced in that currency. */
  readonly underpaidAmount: bigint | null;
  readonly underpaidCurrency: string | null;
  readonly underpaidBasisPoints: number;
  readonly policies: Readonly<Record<PolicyOccasion, PaymentPolicy>>;
  /** How long after its end the policies apply to money for an invoice. */
  readonly monitoringSeconds: number;
  /** How long a quote keeps its rate, at most until the invoice ends. */
  readonly rateLockSeconds: number;
  readonly rateSpreadBasisPoints: number;
  /** Null when the assets themselves are credited. */
  readonly settlementCurrency: string | null;
  readonly networkFeePayer: NetworkFeePayer;
  /** Blocks by network where they differ from the gateway's. */
  readonly confirmations: Readonly<Record<string, number>>;
}

/** Hundredths of a per cent. More than half missing is no tolerance but another price. */
export const MAX_UNDERPAID_BASIS_POINTS = 5_000;

/** Reads per cent with at most two decimals, such as "0.5", into hundredths of a per cent; null when it is none. */
export function basisPointsOf(percent: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2})0*)?$/.exec(percent);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}

/** Per cent of basis points, with two decimals. */
export const percentOf = (basisPoints: number): string => (basisPoints / 100).toFixed(2);

/** An asset on a network that carries it, as it is kept: `USDT/ETHEREUM`. */
export const wayOf = ({ asset, network }: { readonly asset: string; readonly network: string }): string =>
  `${asset}/${network}`;

/** Whether a payer may choose this asset on this network; an empty list takes all. */
export const isAccepted = (
  accepted: readonly string[],
  way: { readonly asset: string; readonly network: string },
): boolean => accepted.length === 0 || accepted.includes(wayOf(way));

/** Asset and network of what is kept, without those that the gateway no longer knows. */
export const acceptedWays = (accepted: readonly string[]) =>
  NETWORKS.flatMap(({ code: network, assets }) => assets.map(({ asset }) => ({ asset, network }))).filter(
    (way) => accepted.includes(wayOf(way)),
  );

/** The fewest confirmations that a project may ask for: what follows a reorg is the gateway's loss (RULES 5). */
export const FEWEST_CONFIRMATIONS: Readonly<Record<NetworkCode, number>> = {
  ETHEREUM: 3,
  CRONOS: 3,
  BSC: 5,
  POLYGON: 32,
  ARBITRUM: 12,
  OPTIMISM: 6,
  BASE: 6,
  BITCOIN: 1,
  LITECOIN: 2,
};

/** A day of Bitcoin blocks. Beyond it a payer waits for nothing. */
export const MOST_CONFIRMATIONS = 144;

/** Blocks by network as they are kept, without networks that the gateway no longer knows. */
export function keptConfirmations(kept: unknown): readonly { network: NetworkCode; blocks: number }[] {
  const from = new Map<string, unknown>(
    typeof kept === 'object' && kept !== null ? Object.entries(kept) : [],
  );
  return NETWORKS.flatMap(({ code: network }) => {
    const blocks = from.get(network);
    return typeof blocks === 'number' ? [{ network, blocks }] : [];
  });
}
