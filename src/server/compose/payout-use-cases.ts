import { createPayoutTerms } from '../../adapters/db/payout-terms.ts';
import { payoutApprove } from '../../usecases/payout/payout-approve.ts';
import { payoutBatchCreate } from '../../usecases/payout/payout-batch-create.ts';
import { payoutByRule } from '../../usecases/payout/payout-by-rule.ts';
import { payoutCancel, payoutReject } from '../../usecases/payout/payout-cancel.ts';
import { payoutCheck } from '../../usecases/payout/payout-check.ts';
import { payoutCreate } from '../../usecases/payout/payout-create.ts';
import { payoutFail } from '../../usecases/payout/payout-fail.ts';
import { payoutPolicyUpdate } from '../../usecases/payout/payout-policy-update.ts';
import { payoutPreview } from '../../usecases/payout/payout-preview.ts';
import { testPayoutSimulate } from '../../usecases/payout/test-payout-simulate.ts';
import type { Parts } from './parts.ts';

/** The use cases of payouts: the API's, and what workers ask. */
export function payoutUseCases(parts: Parts) {
  const deps = {
    ...parts,
    terms: createPayoutTerms(parts.database.pool),
    payoutCheck: payoutCheck(parts),
  };
  return {
    api: {
      payoutApprove: payoutApprove(deps),
      payoutBatchCreate: payoutBatchCreate(deps),
      payoutCancel: payoutCancel(deps),
      payoutCreate: payoutCreate(deps),
      payoutPolicyUpdate: payoutPolicyUpdate(deps),
      payoutPreview: payoutPreview(deps),
      payoutReject: payoutReject(deps),
      testPayoutSimulate: testPayoutSimulate(deps),
    },
    payoutByRule: payoutByRule(deps),
    payoutCheck: deps.payoutCheck,
    payoutFail: payoutFail(deps),
  };
}
