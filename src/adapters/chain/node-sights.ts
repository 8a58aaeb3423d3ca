import type { SpendSight } from '../../usecases/ports/chain-spender.ts';

/** What one node says, and how far it was. */
export interface NodeSight {
  readonly head: bigint;
  readonly sight: SpendSight;
}

/**
 * What several nodes say together. A transaction that one calls mined and another one, as far ahead, does not know has one
 * confirmation until they agree: nothing is final by the word of one against another.
 */
export function agreed(nodes: readonly NodeSight[]): SpendSight {
  const sights = nodes.map(({ sight }) => sight);
  const [least] = sights
    .filter((sight) => sight.kind === 'MINED')
    .toSorted((a, b) => a.confirmations - b.confirmations);
  if (least) {
    const isDoubted = nodes.some(({ head, sight }) =>
      sight.kind === 'MINED' ? sight.txId !== least.txId || sight.hash !== least.hash : head >= least.height,
    );
    const isFinal = !isDoubted && sights.every((sight) => sight.kind !== 'MINED' || sight.isFinal === true);
    return {
      ...least,
      ...(isDoubted ? { confirmations: 1 } : {}),
      ...(least.isFinal === undefined ? {} : { isFinal }),
    };
  }
  return (
    sights.find(({ kind }) => kind === 'POOL') ??
    sights.find(({ kind }) => kind === 'FOREIGN') ?? { kind: 'UNSEEN' }
  );
}
