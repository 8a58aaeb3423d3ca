import { invitationAccept } from '../../usecases/member/invitation-accept.ts';
import { invitationRevoke } from '../../usecases/member/invitation-revoke.ts';
import { invitationShow } from '../../usecases/member/invitation-show.ts';
import { invitationSignUp } from '../../usecases/member/invitation-sign-up.ts';
import { memberDisable } from '../../usecases/member/member-disable.ts';
import { memberEnable } from '../../usecases/member/member-enable.ts';
import { memberInvite } from '../../usecases/member/member-invite.ts';
import { memberRemove } from '../../usecases/member/member-remove.ts';
import { memberUpdate } from '../../usecases/member/member-update.ts';
import { ownershipTransfer } from '../../usecases/member/ownership-transfer.ts';
import { currencyRequestDecide } from '../../usecases/merchant/currency-request-decide.ts';
import { merchantBecomeBusiness } from '../../usecases/merchant/merchant-become-business.ts';
import { merchantClose } from '../../usecases/merchant/merchant-close.ts';
import { merchantClosingShow } from '../../usecases/merchant/merchant-closing-show.ts';
import { merchantCurrencyChange } from '../../usecases/merchant/merchant-currency-change.ts';
import { merchantCurrencyRequest } from '../../usecases/merchant/merchant-currency-request.ts';
import { merchantUpdate } from '../../usecases/merchant/merchant-update.ts';
import { operatorCreate } from '../../usecases/operator/operator-create.ts';
import { operatorDisable } from '../../usecases/operator/operator-disable.ts';
import { operatorUpdate } from '../../usecases/operator/operator-update.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of merchants, their members, and operators. */
export const teamUseCases = (parts: Parts) => ({
  operatorCreate: operatorCreate(parts),
  operatorUpdate: operatorUpdate(parts),
  operatorDisable: operatorDisable(parts),
  memberInvite: memberInvite(parts),
  invitationRevoke: invitationRevoke(parts),
  invitationShow: invitationShow(parts),
  invitationAccept: invitationAccept(parts),
  invitationSignUp: invitationSignUp(parts),
  memberUpdate: memberUpdate(parts),
  memberDisable: memberDisable(parts),
  memberEnable: memberEnable(parts),
  memberRemove: memberRemove(parts),
  ownershipTransfer: ownershipTransfer(parts),
  merchantUpdate: merchantUpdate(parts),
  merchantBecomeBusiness: merchantBecomeBusiness(parts),
  merchantCurrencyChange: merchantCurrencyChange(parts),
  merchantCurrencyRequest: merchantCurrencyRequest(parts),
  currencyRequestDecide: currencyRequestDecide(parts),
  merchantClosingShow: merchantClosingShow(parts),
  merchantClose: merchantClose(parts),
});
