import { z } from 'zod';
import type { Transfer } from '../../../usecases/ports/chain-reader.ts';

/**
 * A transaction as `getblock` (verbosity 2) and `getrawtransaction` tell it, the parts that matter. Litecoin also lists
 * inputs and outputs of its extension blocks (MWEB); they have none of these parts.
 */
export const coreTransaction = z.object({
  txid: z.string(),
  vin: z.array(z.object({ coinbase: z.string().optional() })),
  vout: z.array(
    z.object({
      value: z.bigint().optional(),
      n: z.int().nonnegative().optional(),
      scriptPubKey: z
        .object({
          type: z.string().optional(),
          /** Bitcoin Core 22 and newer. */
          address: z.string().optional(),
          /** Older ones, Litecoin Core 0.21 among them. */
          addresses: z.array(z.string()).optional(),
        })
        .optional(),
    }),
  ),
});

export type CoreTransaction = z.infer<typeof coreTransaction>;

/** BIP-141: the only form that the gateway derives addresses in (BIP-84). */
const P2WPKH = 'witness_v0_keyhash';

/**
 * The outputs that could be to an address of the gateway. Left out are:
 * - outputs of other forms than P2WPKH, which the gateway never gives out;
 * - a coinbase transaction's, whose coin may not be spent for 100 blocks: nobody pays an invoice so;
 * - MWEB outputs, whose amounts are hidden. Coin that leaves MWEB is an ordinary output of the block's last transaction
 *   (HogEx), and counts.
 */
export function transfersOf({ txid, vin, vout }: CoreTransaction, asset: string): Transfer[] {
  if (vin.some(({ coinbase }) => coinbase !== undefined)) return [];
  return vout.flatMap(({ value, n, scriptPubKey }) => {
    if (scriptPubKey?.type !== P2WPKH || n === undefined || value === undefined || value === 0n) return [];
    const to = scriptPubKey.address ?? scriptPubKey.addresses?.[0];
    return to === undefined ? [] : [{ txId: txid, outputIndex: n, to, asset, contract: null, amount: value }];
  });
}
