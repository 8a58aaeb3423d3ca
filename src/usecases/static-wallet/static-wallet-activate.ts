import {
  staticWalletStep,
  type StaticWalletStatusDeps,
  type StaticWalletStep,
} from './static-wallet-status.ts';

/**
 * Lets a blocked static wallet take deposits again (FEATURES D11). What was seen while it was blocked stays held until
 * somebody decides. A repeat gives the same answer.
 */
export type StaticWalletActivate = StaticWalletStep;

export const staticWalletActivate = (deps: StaticWalletStatusDeps): StaticWalletActivate =>
  staticWalletStep(deps, 'ACTIVE', 'static_wallet.activated');
