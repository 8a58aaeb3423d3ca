import { createPayoutTerms } from '../../adapters/db/payout-terms.ts';
import { createSpendAbandonStore } from '../../adapters/db/spend-abandon-store.ts';
import { autoWithdrawalCreate } from '../../usecases/auto-withdrawal/auto-withdrawal-create.ts';
import { autoWithdrawalDisable } from '../../usecases/auto-withdrawal/auto-withdrawal-disable.ts';
import { bankAccountAdd } from '../../usecases/bank-account/bank-account-add.ts';
import { bankAccountRemove } from '../../usecases/bank-account/bank-account-remove.ts';
import { spendAbandon } from '../../usecases/custody/spend-abandon.ts';
import { fiatPayoutReject } from '../../usecases/payout/fiat-payout-reject.ts';
import { fiatPayoutSettle } from '../../usecases/payout/fiat-payout-settle.ts';
import { fiatPayoutTake } from '../../usecases/payout/fiat-payout-take.ts';
import { payoutCheck } from '../../usecases/payout/payout-check.ts';
import { withdrawalCheck } from '../../usecases/withdrawal/withdrawal-check.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of bank accounts, of what operators decide, and of automatic withdrawals. */
export function payoutRuleUseCases(parts: Parts) {
  const deps = {
    ...parts,
    withdrawalCheck: withdrawalCheck(parts),
    payoutCheck: payoutCheck(parts),
    terms: createPayoutTerms(parts.database.pool),
  };
  return {
    bankAccountAdd: bankAccountAdd(deps),
    bankAccountRemove: bankAccountRemove(deps),
    autoWithdrawalCreate: autoWithdrawalCreate(deps),
    autoWithdrawalDisable: autoWithdrawalDisable(deps),
    fiatPayoutTake: fiatPayoutTake(deps),
    fiatPayoutSettle: fiatPayoutSettle(deps),
    fiatPayoutReject: fiatPayoutReject(deps),
    spendAbandon: spendAbandon({ ...parts, stuckSpends: createSpendAbandonStore(parts.database.pool) }),
  };
}
