import type { Payout } from '../../domain/payout/payout.ts';
import { waitForNetwork, type WaitingDeps } from './waiting.ts';

const PAGE = 100;

/**
 * Says of the queued payouts of a network that nobody can sign them here; operators hear of it when it lasts. Safe to
 * repeat, and in several processes.
 */
export async function waitForSigner(
  deps: WaitingDeps,
  network: string,
  reason: 'SIGNER_MISSING' | 'NETWORK_NOT_CONFIGURED' = 'SIGNER_MISSING',
): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page: readonly Payout[] = await deps.spends.queued(network, PAGE, after);
    for (const payout of page) await waitForNetwork(deps, network, payout, reason);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}
