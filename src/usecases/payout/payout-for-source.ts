import type { Payout } from '../../domain/payout/payout.ts';

/** A refund or rebound that is to be carried out; its money is in HELD of the asset already. */
export interface PayoutSource {
  readonly origin: 'REFUND' | 'REBOUND';
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  /** The asset. */
  readonly currency: string;
  readonly network: string;
  /** What leaves HELD, in the asset's smallest unit: what arrives and the network fee. */
  readonly debited: bigint;
  readonly networkFee: bigint;
  /** Whose hold keeps it back; null for the gateway itself. */
  readonly createdBy: Payout['createdBy'];
}

/**
 * Makes the payout of a refund or rebound, to an address in its network's canonical form. There is one for a source, for
 * ever (`payout_source_key`): called again it gives the first one, however that ended. It refuses nothing; what may not
 * be sent now waits in QUEUED, or for approvals. Throws on a fault only, and is then called again.
 */
export type PayoutForSource = (
  source: PayoutSource,
  address: string,
) => Promise<{ readonly payoutId: string }>;
