import type {
  SignedTransaction,
  SpendCoin,
  SpendPlace,
  SpendPlaces,
  SpendTransfer,
} from './chain-spender.ts';

/** Where small coins are found. */
export interface SmallCoins {
  /**
   * Coins of less than an amount (the coin's smallest unit) that nothing uses, largest first. None while a payout is queued
   * on the network, which may need them, or coins are being joined there.
   */
  below(network: string, amount: bigint, limit: number): Promise<readonly SpendCoin[]>;
}

/** Small coins in one transaction whose only output is the hot wallet's; its amount is the change of `signed`. */
export interface Consolidation {
  readonly transfer: SpendTransfer;
  readonly place: SpendPlace;
  readonly signed: SignedTransaction;
}

/** Joins small coins of a network of the Bitcoin family. */
export interface CoinConsolidation {
  /**
   * Signs for what is to be joined now. Null when there are too few small coins that the chain has and that are worth more
   * than they cost, or fees are above what the operator's policy allows. Throws ChainUnavailable; nothing is stored or sent.
   */
  consolidation(coins: SmallCoins, store: Pick<SpendPlaces, 'coinsGone'>): Promise<Consolidation | null>;
}
