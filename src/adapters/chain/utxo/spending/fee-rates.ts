import { z } from 'zod';
import { resultOf, type CoreRpc } from '../core-rpc.ts';

/** Rates are in the smallest unit for 1,000 virtual bytes. */
export interface FeeRateTerms {
  /** Blocks within which it is to be mined. */
  readonly blocks: number;
  /** When the node cannot tell: it saw too few blocks, or does not look. */
  readonly fallback: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

export interface FeeRates {
  readonly rate: bigint;
  /** The node told it; false for the fallback. */
  readonly isEstimate: boolean;
  /** What a replacement pays more, at least (BIP-125 rule 4). */
  readonly increment: bigint;
}

const estimate = z.object({ feerate: z.bigint().optional() });
const pool = z.object({ mempoolminfee: z.bigint() });
const relay = z.object({ incrementalfee: z.bigint() });

/** What a transaction must pay now, within the bounds; never less than the node's own pool takes. */
export async function readFeeRates(rpc: CoreRpc, terms: FeeRateTerms): Promise<FeeRates> {
  const [told, poolInfo, relayInfo] = await rpc.askAll([
    ['estimatesmartfee', terms.blocks],
    ['getmempoolinfo'],
    ['getnetworkinfo'],
  ]);
  const missing = { refusal: { code: 0, message: 'no answer' } };
  const { mempoolminfee } = resultOf(pool, poolInfo ?? missing, 'getmempoolinfo');
  const { incrementalfee } = resultOf(relay, relayInfo ?? missing, 'getnetworkinfo');
  // A node that takes no transactions of others refuses to estimate.
  const { feerate } =
    told && 'result' in told ? resultOf(estimate, told, 'estimatesmartfee') : { feerate: undefined };
  const wanted = [feerate ?? terms.fallback, mempoolminfee, terms.least].reduce(larger);
  return {
    rate: wanted < terms.most ? wanted : terms.most,
    isEstimate: feerate !== undefined,
    increment: incrementalfee,
  };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
