import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type Right } from '../../domain/access/rights.ts';
import type { StaticWallet } from '../../domain/static-wallet/static-wallet.ts';
import type { StaticWalletStore } from '../ports/static-wallet-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** The wallet if the actor has the right there; otherwise it looks like one that does not exist (FEATURES B7). */
export async function staticWalletFor(
  staticWallets: Pick<StaticWalletStore, 'byId'>,
  actor: Actor,
  right: Right,
  staticWalletId: string,
): Promise<Result<StaticWallet>> {
  const wallet = await staticWallets.byId(staticWalletId);
  if (!wallet || !mayAt(actor, right, wallet)) {
    return refuse('NOT_FOUND', 'There is no such static wallet.', 'staticWalletId');
  }
  return done(wallet);
}
