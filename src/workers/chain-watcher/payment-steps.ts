import type { ObservedTransfer } from '../../usecases/payment/payment-observe.ts';
import type { AddressOwner } from '../../usecases/ports/chain-store.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** Transfers and payments that are worked on at a time. */
const CONCURRENCY = 8;

interface Owned {
  readonly owner: AddressOwner;
}

type SeenByOwner = Omit<ObservedTransfer, 'invoiceId' | 'network'> & Owned;

/** A payment as it stands in a block, or in the memory pool (null). */
interface PaymentAt extends Owned {
  readonly paymentId: string;
  readonly blockHash: string | null;
}

export const observe = (
  { payments, deposits, reader: { network } }: WatchedNetwork,
  { owner, ...seen }: SeenByOwner,
): Promise<void> =>
  'invoiceId' in owner
    ? payments.observe({ ...seen, network, invoiceId: owner.invoiceId })
    : deposits.observe({ ...seen, network, staticWalletId: owner.staticWalletId });

const stepsOf = ({ payments, deposits }: WatchedNetwork, { owner }: Owned) =>
  'invoiceId' in owner ? payments : deposits;

export const confirm = (network: WatchedNetwork, { owner, paymentId, blockHash }: PaymentAt): Promise<void> =>
  stepsOf(network, { owner }).confirm({ paymentId, blockHash });

export const orphan = (network: WatchedNetwork, { owner, paymentId, blockHash }: PaymentAt): Promise<void> =>
  stepsOf(network, { owner }).orphan({ paymentId, blockHash });

const keyOf = ({ owner }: Owned): string => ('invoiceId' in owner ? owner.invoiceId : owner.staticWalletId);

/**
 * Works on things of many owners at once, on those of one owner in their order. After the first failure nothing new is
 * begun; it is thrown when what had begun has ended.
 */
export async function inOwnersOrder<T extends Owned>(
  things: readonly T[],
  signal: AbortSignal,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const queues = Map.groupBy(things, keyOf).values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const queue of queues) {
      for (const thing of queue) {
        if (failures.length > 0 || signal.aborted) return;
        try {
          await work(thing);
        } catch (error) {
          failures.push(error);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
