import { ChainUnavailable } from './chain-reader.ts';

/** Signs for and sends on one network. Every method throws ChainUnavailable when no node answers; nothing is guessed. */
export interface ChainSpender {
  readonly network: string;
  /** The hot wallet's address: child `1/0` of the account key. The Bitcoin family spends coins of all its addresses. */
  readonly hotAddress: string;
  /** What a plain transfer of the asset would cost now at most, in the smallest unit of the network's own coin. */
  estimate(asset: string): Promise<bigint>;
  /**
   * A place that nothing else uses: the next nonce of the hot wallet, or enough free coins. Throws HotWalletShort when
   * what is there, less what is on its way, does not do, and TransferRefused.
   */
  place(transfer: SpendTransfer, store: SpendPlaces): Promise<SpendPlace>;
  /**
   * Signs a transfer at a place that nothing else uses. Pure but for the prices that it asks the node: nothing is stored
   * or sent. Throws HotWalletShort when what is there does not do, TransferRefused when the chain would not carry it out.
   */
  sign(transfer: SpendTransfer, place: SpendPlace): Promise<SignedTransaction>;
  /** The same transfer at the same place at a higher price; null when the price does not have to rise. */
  outbid(
    transfer: SpendTransfer,
    place: SpendPlace,
    last: SignedTransaction,
  ): Promise<SignedTransaction | null>;
  /**
   * Gives a stored transaction to the nodes. `taken`: one has it. `refused`: every node says that it can never be mined as
   * the chain stands. `unknown`: it may have been taken. Safe to repeat.
   */
  broadcast(raw: Uint8Array): Promise<BroadcastAnswer>;
  /** What the chain says of transactions that exclude one another, of which one at most can be mined. */
  look(place: SpendPlace, txIds: readonly string[]): Promise<SpendSight>;
  /**
   * Whether the place was used by a transaction that is none of these, so many blocks ago that it is final: then none of
   * them can ever be mined. False also while a single node does not say so, or cannot prove it.
   *
   * @param since before the first of these was signed
   * @param confirmations blocks, its own included, after which a transaction is final
   */
  usedElsewhere(
    place: SpendPlace,
    txIds: readonly string[],
    since: Date,
    confirmations: number,
  ): Promise<boolean>;
}

/** What the nodes said of a transaction that they were given. */
export type BroadcastAnswer = 'taken' | 'refused' | 'unknown';

/** Where free places are found (SpendStore). */
export interface SpendPlaces {
  /** The nonce of the account's next spend; null for an account that nothing was signed for here. */
  nextNonce(network: string, address: string): Promise<bigint | null>;
  /** Coins that nothing uses, largest first. */
  freeCoins(network: string, limit: number): Promise<readonly SpendCoin[]>;
  /** Coins that the chain does not have any more, for good: they are not offered again. */
  coinsGone(coins: readonly SpendCoin[]): Promise<void>;
  /** Those that were gone, largest first; nodes may have been wrong. */
  goneCoins(network: string, limit: number): Promise<readonly SpendCoin[]>;
  /** Offers them again. */
  coinsFound(coins: readonly SpendCoin[]): Promise<void>;
  /** What open spends of an account take away, those with nonces below `from` left out: the chain's balance shows them. */
  onTheWay(network: string, address: string, from: bigint): Promise<OnTheWay>;
}

export interface OnTheWay {
  /** By asset, in its smallest unit. */
  readonly amounts: ReadonlyMap<string, bigint>;
  /** The most that they cost, in the smallest unit of the network's own coin. */
  readonly fees: bigint;
  /** How many they are. */
  readonly spends: number;
}

export interface SpendTransfer {
  readonly asset: string;
  readonly to: string;
  /** What arrives, in the asset's smallest unit. */
  readonly amount: bigint;
}

/** What a transaction uses up, so that a second one with the same place can never be mined beside it. */
export type SpendPlace =
  | { readonly family: 'EVM'; readonly from: string; readonly path: string; readonly nonce: bigint }
  | { readonly family: 'UTXO'; readonly coins: readonly SpendCoin[] };

export interface SpendCoin {
  readonly id: string;
  readonly txId: string;
  readonly outputIndex: number;
  readonly amount: bigint;
  /** The child below the account's key, such as `0/17`. */
  readonly path: string;
  /** The address that was paid, of a deposit: a former account key may have given it. */
  readonly address?: string | null;
  /** The block that it was made in, where that is known. */
  readonly blockHash?: string | null;
}

export interface SignedTransaction {
  readonly txId: string;
  readonly raw: Uint8Array;
  /** See SpendTransaction in the schema. */
  readonly feeRate: bigint;
  readonly maxFee: bigint;
  /** Bitcoin family: the output that goes back to `hotAddress`; null when none does. */
  readonly change: { readonly outputIndex: number; readonly amount: bigint } | null;
}

export type SpendSight =
  /** Nothing is known of them; the place is still free. */
  | { readonly kind: 'UNSEEN' }
  | { readonly kind: 'POOL'; readonly txId: string }
  | {
      readonly kind: 'MINED';
      readonly txId: string;
      readonly height: bigint;
      readonly hash: string;
      /** Blocks, its own included. */
      readonly confirmations: number;
      /** Only where nodes say by themselves what is final, whatever the confirmations. */
      readonly isFinal?: boolean;
      /** EVM: false when the execution was reverted: nothing arrived, the fee was paid. */
      readonly succeeded: boolean;
      /** In the smallest unit of the network's own coin. */
      readonly feePaid: bigint;
    }
  /** The place was used by a transaction that is none of these: an operator must look. */
  | { readonly kind: 'FOREIGN' };

/** The hot wallet has too little of the asset, or of the coin that pays for sending it. */
export class HotWalletShort extends Error {
  override readonly name = 'HotWalletShort';
  readonly asset: string;
  constructor(asset: string, message: string) {
    super(message);
    this.asset = asset;
  }
}

/**
 * The chain has transactions of the account that were not signed here: somebody else has the key, a node lies, or the
 * database is an older one, whose queued payouts may have been sent. Nothing is signed until an operator has looked.
 */
export class AccountUsedElsewhere extends Error {
  override readonly name = 'AccountUsedElsewhere';
}

/** The nodes answer, and what they say lets nothing be signed on the network; it may pass by itself. */
export class SigningPaused extends ChainUnavailable {
  readonly reason: 'GAS_TOO_DEAR' | 'TRANSACTIONS_MISSING';
  constructor(reason: 'GAS_TOO_DEAR' | 'TRANSACTIONS_MISSING', message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * How sure it is that a transfer is not carried out. NEVER: whatever becomes of the chain. NOW: every node says so at the
 * moment. DOUBTED: a node could not say, or the token lets nothing of ours go to anybody.
 */
export type RefusalWord = 'NEVER' | 'NOW' | 'DOUBTED';

/** The chain would not carry the transfer out: it takes too much gas, or a token lets nothing go to the receiver. */
export class TransferRefused extends Error {
  override readonly name = 'TransferRefused';
  readonly word: RefusalWord;
  constructor(message: string, word: RefusalWord = 'NEVER') {
    super(message);
    this.word = word;
  }
}

/** Signs with the keys of one network's account; the only place that sees them. */
export interface Signer {
  readonly network: string;
  /** EVM: the signature of a transaction's hash (EIP-2718 payload, keccak256). */
  signHash(
    path: string,
    hash: Uint8Array,
  ): Promise<{ readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 }>;
  /** Bitcoin family: a PSBT (BIP-174) with the inputs of these paths signed. */
  signPsbt(psbt: Uint8Array, paths: readonly string[]): Promise<Uint8Array>;
}
