import type { Mode } from '../../domain/access/actor.ts';
import type { ProjectStanding } from '../../domain/project/moderation.ts';

/** What a merchant has of one asset or settlement currency, in its smallest unit. All are at least zero. */
export interface BalanceView {
  readonly asset: string;
  readonly pending: bigint;
  readonly available: bigint;
  readonly held: bigint;
  readonly owed: bigint;
}

export interface ProjectView extends ProjectStanding {
  readonly id: string;
  readonly name: string;
}

/** What the bots show of a merchant. No rights are checked here. */
export interface MerchantReads {
  /** By asset. */
  balances(merchantId: string, mode: Mode): Promise<readonly BalanceView[]>;
  /** Archived ones too, oldest first; at most `limit`. */
  projects(merchantId: string, limit: number): Promise<readonly ProjectView[]>;
}
