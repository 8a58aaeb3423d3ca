import { row, type Matrix } from './rows.ts';
import { memberToLose } from './things.ts';
import { operate, right, type Who } from './who.ts';
import { nowhere, rowId, type World } from './world.ts';

/** Every member, and no API key. */
const MEMBERS: Who = { allOf: ['USER', right('merchant:read', 'merchant')] };

/** Members with a right that keys can have too, but not here. */
const person = (asked: 'payout:read' | 'payout:write'): Who => ({
  allOf: ['USER', right(asked, 'merchant')],
});

/** Accounts, teams, keys, projects and operators. */
export const ACCOUNT_ROWS: Matrix<World> = {
  nodes: {
    Session: [{ id: (w) => w.ownerSessionId, who: (w) => ({ is: rowId(w.ownerId) }) }],
    Member: [
      {
        id: (w) => w.ownerMemberId,
        who: (w) => ({ anyOf: [right('member:read', 'merchant'), { is: rowId(w.ownerId) }] }),
      },
      { id: (w) => w.viewerMemberId, who: right('member:read', 'merchant') },
    ],
    Invitation: [{ id: (w) => w.invitationId, who: right('member:read', 'merchant') }],
    BankAccount: [{ id: (w) => w.bankAccountId, who: right('withdrawal:read', 'merchant') }],
    AutoWithdrawal: [{ id: (w) => w.autoWithdrawalId, who: person('payout:read') }],
    WithdrawalAddress: [{ id: (w) => w.withdrawalAddressId, who: right('withdrawal:read', 'merchant') }],
    CurrencyRequest: [
      {
        id: (w) => w.currencyRequestId,
        who: { anyOf: [MEMBERS, operate('currency:decide')] },
      },
    ],
    TwoFactorResetRequest: [{ id: (w) => w.twoFactorResetRequestId, who: operate('two_factor:reset') }],
    UnmatchedTransfer: [{ id: (w) => w.unmatchedTransferId, who: operate('transfer:read') }],
    CustodyCheck: [{ id: (w) => w.custodyCheckId, who: operate('custody:read') }],
    FeeSchedule: [{ id: (w) => w.feeScheduleId, who: operate('fee:read') }],
  },
  fields: {
    // Passwords, e-mail and phone.
    'Mutation.emailConfirm': row('PUBLIC', () => ({ input: { token: 'made up', password: 'x' } })),
    'Mutation.passwordResetRequest': row('PUBLIC', () => ({ input: { email: 'no address' } })),
    'Mutation.passwordReset': row('PUBLIC', () => ({ input: { token: 'made up', password: '' } })),
    'Mutation.passwordChange': row('PERSON', () => ({ input: { currentPassword: 'x', newPassword: '' } })),
    'Mutation.emailChangeRequest': row('PERSON', () => ({ input: { newEmail: 'no address' } })),
    'Mutation.emailChangeConfirm': row('PERSON', () => ({ input: { code: 'x' } })),
    'Mutation.phoneChangeRequest': row('PERSON', () => ({ input: { newPhone: 'no number' } })),
    'Mutation.phoneChangeConfirm': row('PERSON', () => ({ input: { code: 'x' } })),

    // The second factor. Nobody here has a phone, an authenticator or a step-up.
    'Mutation.twoFactorEnrollRequest': row('PERSON', () => ({ input: { channel: 'SMS' } })),
    'Mutation.twoFactorEnroll': row('PERSON', () => ({ input: { code: 'x' } })),
    'Mutation.twoFactorEnable': row('PERSON', () => ({ input: { totpCode: 'x' } })),
    'Mutation.twoFactorDisable': row('PERSON', () => ({ input: { totpCode: 'x' } })),
    'Mutation.recoveryCodesRenew': row('PERSON'),
    'Mutation.sessionStepUp': row('PERSON', () => ({ input: {} })),
    'Mutation.twoFactorResetRequest': row('PUBLIC', () => ({ input: { email: 'no address', password: '' } })),
    'Mutation.twoFactorResetFile': row('PUBLIC', () => ({ input: { token: 'made up', reason: '' } })),
    'Mutation.twoFactorResetDecide': row(operate('two_factor:reset'), () => ({
      input: { requestId: nowhere('TwoFactorResetRequest'), decision: 'REJECTED', answer: 'No.' },
    })),
    'Query.twoFactorResetRequests': row(operate('two_factor:reset'), () => ({ status: 'REJECTED' })),

    // Sessions and PINs.
    'Mutation.sessionEnd': [
      row('SESSION', undefined, { endsSession: true }),
      row('PERSON', () => ({ input: { sessionId: nowhere('Session') } })),
    ],
    'Mutation.sessionUnlock': row('SESSION', () => ({ input: { pin: 'x' } })),
    'Mutation.sessionsEndOthers': row('PERSON'),
    'Mutation.pinSet': row('PERSON', () => ({ input: { pin: 'x' } })),
    'Mutation.pinRemove': row('PERSON'),
    'Query.notifications': row('PERSON'),
    'User.memberships': row('PERSON'),
    'User.sessions': row('PERSON'),
    'User.loginHistory': row('PERSON'),
    'User.activity': row('PERSON'),

    // Teams.
    'Merchant.members': row(right('member:read', 'merchant')),
    'Merchant.invitations': row(right('member:read', 'merchant')),
    'Member.merchant': row(right('merchant:read', 'merchant')),
    'Mutation.memberInvite': row(right('member:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, email: 'no address', role: 'VIEWER' },
    })),
    'Mutation.invitationRevoke': row(right('member:write', 'merchant'), (w) => ({
      input: { invitationId: w.invitationId },
    })),
    'Mutation.invitationAccept': row('USER', () => ({ input: { token: 'made up' } })),
    'Mutation.invitationSignUp': row('PUBLIC', () => ({ input: { token: 'made up', password: '' } })),
    'Mutation.memberUpdate': row(right('member:write', 'merchant'), (w) => ({
      input: { memberId: w.viewerMemberId, role: 'VIEWER' },
    })),
    'Mutation.memberDisable': row(right('member:write', 'merchant'), (w) => ({
      input: { memberId: w.disabledMemberId },
    })),
    'Mutation.memberEnable': row(right('member:write', 'merchant'), (w) => ({
      input: { memberId: w.viewerMemberId },
    })),
    'Mutation.memberRemove': row(right('member:write', 'merchant'), async (w) => ({
      input: { memberId: await memberToLose(w.pool, rowId(w.merchantId)) },
    })),
    'Mutation.ownershipTransfer': row(right('ownership:transfer', 'merchant'), (w) => ({
      input: { memberId: w.viewerMemberId },
    })),

    // Merchants.
    'Mutation.merchantUpdate': row(right('merchant:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, name: '' },
    })),
    'Mutation.merchantBecomeBusiness': row(right('merchant:write', 'merchant'), (w) => ({
      input: {
        merchantId: w.merchantId,
        company: {
          legalName: '',
          registrationNumber: '',
          country: 'XX',
          address: '',
          city: '',
          postalCode: '',
        },
      },
    })),
    'Mutation.merchantCurrencyChange': row(right('merchant:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, currency: 'USD' },
    })),
    'Mutation.merchantCurrencyRequest': row(right('merchant:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, currency: 'EUR', reason: '' },
    })),
    'Mutation.merchantClose': row(right('merchant:close', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId },
    })),
    'Merchant.closingConditions': row(right('merchant:close', 'merchant')),
    'Merchant.currencyRequests': row(MEMBERS),
    'Query.currencyRequests': row(operate('currency:decide')),
    'Mutation.currencyRequestDecide': row(operate('currency:decide'), () => ({
      input: { requestId: nowhere('CurrencyRequest'), decision: 'REJECTED', answer: 'No.' },
    })),

    // Keys and payouts.
    'Mutation.apiKeyUpdate': row(right('api_key:write', 'TEST'), (w) => ({
      input: { apiKeyId: w.testKeyId, name: '' },
    })),
    'Mutation.apiKeyRotate': row(right('api_key:write', 'TEST'), (w) => ({
      input: { apiKeyId: w.testKeyId, overlapHours: -1 },
    })),
    'Mutation.apiKeyRevoke': row(right('api_key:write', 'TEST'), (w) => ({
      input: { apiKeyId: w.revokedKeyId },
    })),
    'Merchant.withdrawalAddresses': row(right('withdrawal:read', 'merchant')),
    'Merchant.withdrawalStatus': row(right('withdrawal:read', 'merchant')),
    'Mutation.withdrawalAddressAdd': row(right('withdrawal:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, network: 'ETHEREUM', address: 'no address', label: 'x' },
    })),
    'Mutation.withdrawalAddressRemove': row(right('withdrawal:write', 'merchant'), (w) => ({
      input: { withdrawalAddressId: w.removedAddressId },
    })),
    'Mutation.withdrawalWhitelistUpdate': row(right('withdrawal:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, enabled: false },
    })),

    // Bank accounts, what operators transfer to them, and automatic withdrawals.
    'Merchant.bankAccounts': row(right('withdrawal:read', 'merchant')),
    'Mutation.bankAccountAdd': row(right('withdrawal:write', 'merchant'), (w) => ({
      input: { merchantId: w.merchantId, currency: 'EUR', holder: 'x', account: 'x', country: 'DE' },
    })),
    'Mutation.bankAccountRemove': row(right('withdrawal:write', 'merchant'), (w) => ({
      input: { bankAccountId: w.bankAccountId },
    })),
    'Query.fiatPayouts': row(operate('payout:settle')),
    'Mutation.fiatPayoutTake': row(operate('payout:settle'), () => ({
      input: { payoutId: nowhere('Payout') },
    })),
    'Mutation.fiatPayoutSettle': row(operate('payout:settle'), () => ({
      input: { payoutId: nowhere('Payout'), bankReference: 'SEPA-1' },
    })),
    'Mutation.fiatPayoutReject': row(operate('payout:settle'), () => ({
      input: { payoutId: nowhere('Payout'), reason: 'No.' },
    })),
    'Merchant.autoWithdrawals': row(person('payout:read')),
    'Mutation.autoWithdrawalCreate': row(person('payout:write'), (w) => ({
      input: { merchantId: w.merchantId, asset: 'USDT', network: 'ETHEREUM', address: 'x', threshold: '1' },
    })),
    'Mutation.autoWithdrawalDisable': row(person('payout:write'), (w) => ({
      input: { autoWithdrawalId: w.autoWithdrawalId },
    })),

    // Projects and moderation.
    'Mutation.projectUpdate': row(right('project:write', 'project'), (w) => ({
      input: { projectId: w.projectId, name: '' },
    })),
    'Mutation.projectArchive': row(
      (w) => right('project:write', { project: rowId(w.archivedProjectId) }),
      (w) => ({ input: { projectId: w.archivedProjectId } }),
    ),
    'Mutation.projectRestore': row(right('project:write', 'project'), (w) => ({
      input: { projectId: w.projectId },
    })),
    'Mutation.projectModerationRequest': row(right('project:write', 'project'), (w) => ({
      input: { projectId: w.projectId },
    })),
    'Mutation.projectLogoUploadCreate': row(right('project:write', 'project'), (w) => ({
      input: { projectId: w.projectId },
    })),
    'Mutation.projectLogoRemove': row(right('project:write', 'project'), (w) => ({
      input: { projectId: w.projectId },
    })),
    'Project.moderationHistory': row(right('project:read', 'project')),
    'Query.projectsForModeration': row(operate('project:moderate'), () => ({ moderation: 'REJECTED' })),
    'Mutation.projectModerationDecide': row(operate('project:moderate'), () => ({
      input: { projectId: nowhere('Project'), decision: 'REJECTED', reason: 'No.' },
    })),

    // The operators' view of the networks.
    'Query.networkStatuses': row(operate('network:read')),
    'Subscription.networkStatusUpdated': row(operate('network:read')),
    'Query.unmatchedTransfers': row(operate('transfer:read')),
    'Query.custodyChecks': row(operate('custody:read')),
    'Mutation.spendAbandon': row(operate('custody:write'), () => ({
      input: { network: 'ETHEREUM', txId: 'nowhere' },
    })),

    // What the gateway takes.
    'Query.feeSchedules': row(operate('fee:read')),
    'Mutation.feeScheduleSet': row(operate('fee:write'), (w) => ({
      input: { merchantId: w.merchantId, percent: '101' },
    })),
    'Mutation.feeScheduleRemove': row(operate('fee:write'), () => ({
      input: { feeScheduleId: nowhere('FeeSchedule') },
    })),

    // The audit log.
    'Merchant.auditLog': row(right('audit:read', 'merchant')),
    'Query.auditLog': row(operate('audit:read_all')),
  },
};
