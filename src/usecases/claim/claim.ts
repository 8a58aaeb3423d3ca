import type { AnonymousActor } from '../../domain/access/actor.ts';
import type { Result } from '../result.ts';

/** What a payer is shown who opens a claim link. */
export interface ClaimOffer {
  readonly shopName: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly asset: string;
  readonly network: string;
  /** In the asset's smallest unit. */
  readonly networkFee: bigint;
  readonly arrives: bigint;
}

/** What the link is good for. INVALID_TOKEN for one that nobody has, that was used, or whose time is over. */
export type ClaimShow = (actor: AnonymousActor, token: string) => Promise<Result<ClaimOffer>>;

export interface ClaimInput {
  readonly token: string;
  readonly address: string;
  /** Whether the payer has seen the address in its canonical form and stays with it. */
  readonly confirmed: boolean;
}

export interface ClaimStep extends ClaimOffer {
  /** In the network's canonical form. */
  readonly address: string;
  /** False where the payer is to look at the address once more: nothing was written. */
  readonly claimed: boolean;
}

/** Says where the money is to go: it is sent there, and the link is used up. */
export type Claim = (actor: AnonymousActor, input: ClaimInput) => Promise<Result<ClaimStep>>;
