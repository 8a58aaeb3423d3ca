import {
  staticWalletStep,
  type StaticWalletStatusDeps,
  type StaticWalletStep,
} from './static-wallet-status.ts';

/**
 * Blocks a static wallet (FEATURES D11): what is seen from then on is held for a decision; what was seen before goes its
 * way. A repeat gives the same answer.
 */
export type StaticWalletBlock = StaticWalletStep;

export const staticWalletBlock = (deps: StaticWalletStatusDeps): StaticWalletBlock =>
  staticWalletStep(deps, 'BLOCKED', 'static_wallet.blocked');
