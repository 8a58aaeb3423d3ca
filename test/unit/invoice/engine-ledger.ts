/** The accounts of the model, by a name such as `PENDING USDT` or, for the gateway's own, `CUSTODY USDT ETHEREUM`. */
export interface ModelLedger {
  balance(account: string): bigint;
  move(kind: string, way: { readonly asset: string; readonly network: string }, amount: bigint): void;
  /** The gateway's conversion takes one currency in and gives another. */
  exchange(taken: string, amount: bigint, given: string, forAmount: bigint): void;
  /** To the merchant; debts are paid back first. */
  give(currency: string, amount: bigint): void;
  /** From the merchant; what is not there is owed. */
  take(currency: string, amount: bigint): void;
  /** Out of what is available. */
  spend(currency: string, amount: bigint): void;
  /** The accounts with a balance, sorted. */
  report(): Record<string, bigint>;
}

const OF_NETWORK = new Set(['INCOMING', 'CUSTODY', 'NETWORK_FEES']);

export function openLedger(): ModelLedger {
  const balances = new Map<string, bigint>();
  const balance = (account: string): bigint => balances.get(account) ?? 0n;
  const add = (account: string, amount: bigint): void => {
    balances.set(account, balance(account) + amount);
  };
  return {
    balance,
    move: (kind, { asset, network }, amount) =>
      add(OF_NETWORK.has(kind) ? `${kind} ${asset} ${network}` : `${kind} ${asset}`, amount),
    exchange(taken, amount, given, forAmount) {
      add(`CONVERSION ${taken}`, amount);
      add(`CONVERSION ${given}`, -forAmount);
    },
    give(currency, amount) {
      const debt = -balance(`OWED ${currency}`);
      const back = debt < amount ? debt : amount;
      add(`OWED ${currency}`, back);
      add(`AVAILABLE ${currency}`, amount - back);
    },
    take(currency, amount) {
      const there = balance(`AVAILABLE ${currency}`);
      const part = amount < there ? amount : there;
      add(`AVAILABLE ${currency}`, -part);
      add(`OWED ${currency}`, part - amount);
    },
    spend(currency, amount) {
      add(`AVAILABLE ${currency}`, -amount);
      add(`SPENT ${currency}`, amount);
    },
    report: () =>
      Object.fromEntries(
        [...balances].filter(([, amount]) => amount !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}
