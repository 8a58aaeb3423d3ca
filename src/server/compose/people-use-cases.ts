import { emailChangeConfirm } from '../../usecases/account/email-change-confirm.ts';
import { emailChangeRequest } from '../../usecases/account/email-change-request.ts';
import { emailConfirm } from '../../usecases/account/email-confirm.ts';
import { passwordChange } from '../../usecases/account/password-change.ts';
import { passwordResetRequest } from '../../usecases/account/password-reset-request.ts';
import { passwordReset } from '../../usecases/account/password-reset.ts';
import { phoneChangeConfirm } from '../../usecases/account/phone-change-confirm.ts';
import { phoneChangeRequest } from '../../usecases/account/phone-change-request.ts';
import { userSignUp } from '../../usecases/account/user-sign-up.ts';
import { pinRemove } from '../../usecases/session/pin-remove.ts';
import { pinSet } from '../../usecases/session/pin-set.ts';
import { sessionCreate } from '../../usecases/session/session-create.ts';
import { sessionEnd } from '../../usecases/session/session-end.ts';
import { sessionStepUp } from '../../usecases/session/session-step-up.ts';
import { sessionUnlock } from '../../usecases/session/session-unlock.ts';
import { sessionsEndOthers } from '../../usecases/session/sessions-end-others.ts';
import { recoveryCodesRenew } from '../../usecases/two-factor/recovery-codes-renew.ts';
import { twoFactorDisable } from '../../usecases/two-factor/two-factor-disable.ts';
import { twoFactorEnable } from '../../usecases/two-factor/two-factor-enable.ts';
import { twoFactorEnrollRequest } from '../../usecases/two-factor/two-factor-enroll-request.ts';
import { twoFactorEnroll } from '../../usecases/two-factor/two-factor-enroll.ts';
import { twoFactorResetDecide } from '../../usecases/two-factor/two-factor-reset-decide.ts';
import { twoFactorResetFile } from '../../usecases/two-factor/two-factor-reset-file.ts';
import { twoFactorResetRequest } from '../../usecases/two-factor/two-factor-reset-request.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of people: accounts, sessions and second factors. */
export const peopleUseCases = (parts: Parts) => ({
  userSignUp: userSignUp(parts),
  emailConfirm: emailConfirm(parts),
  emailChangeRequest: emailChangeRequest(parts),
  emailChangeConfirm: emailChangeConfirm(parts),
  phoneChangeRequest: phoneChangeRequest(parts),
  phoneChangeConfirm: phoneChangeConfirm(parts),
  passwordResetRequest: passwordResetRequest(parts),
  passwordReset: passwordReset(parts),
  passwordChange: passwordChange(parts),
  sessionCreate: sessionCreate(parts),
  sessionStepUp: sessionStepUp(parts),
  sessionEnd: sessionEnd(parts),
  twoFactorEnrollRequest: twoFactorEnrollRequest(parts),
  twoFactorEnroll: twoFactorEnroll(parts),
  twoFactorEnable: twoFactorEnable(parts),
  twoFactorDisable: twoFactorDisable(parts),
  recoveryCodesRenew: recoveryCodesRenew(parts),
  twoFactorResetRequest: twoFactorResetRequest(parts),
  twoFactorResetFile: twoFactorResetFile(parts),
  twoFactorResetDecide: twoFactorResetDecide(parts),
  sessionsEndOthers: sessionsEndOthers(parts),
  sessionUnlock: sessionUnlock(parts),
  pinSet: pinSet(parts),
  pinRemove: pinRemove(parts),
});
