import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf } from '../../testkit/facts.ts';
import { attempt, type Attempt } from '../../testkit/outcome.ts';

/** The root fields of this folder that are about the signed-in person, by their names. */
export const twoFactorAttempts: Readonly<Record<string, Attempt>> = {
  sessionStepUp: attempt(operations.SessionStepUpDocument, { input: {} }),
  twoFactorEnrollRequest: attempt(operations.TwoFactorEnrollRequestDocument, { input: { channel: 'EMAIL' } }),
  twoFactorEnroll: attempt(operations.TwoFactorEnrollDocument, { input: { code: '' } }),
  twoFactorEnable: attempt(operations.TwoFactorEnableDocument, { input: { totpCode: '' } }),
  twoFactorDisable: attempt(operations.TwoFactorDisableDocument, { input: {} }),
  recoveryCodesRenew: attempt(operations.RecoveryCodesRenewDocument, {}),
  twoFactorResetRequests: attempt(operations.TwoFactorResetRequestsDocument, { status: 'PENDING' }),
  twoFactorResetDecide: attempt(operations.TwoFactorResetDecideDocument, {
    input: {
      requestId: globalIdOf('TwoFactorResetRequest', '019a0000-0000-7000-8000-000000000000'),
      decision: 'APPROVED',
      answer: '',
    },
  }),
};
