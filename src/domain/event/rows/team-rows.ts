import { live, LOUD, team, type EventRow } from '../event-row.ts';

/** Events of merchants, their members, projects and keys. */
export const TEAM_ROWS = {
  'merchant.updated': team('ACCOUNT', 'merchant:read', 'The data of the merchant were changed.'),
  'merchant.currency_changed': team('ACCOUNT', 'merchant:read', 'The account currency was changed.'),
  'merchant.currency_requested': team(
    'ACCOUNT',
    'merchant:read',
    'The operator is asked for another account currency.',
  ),
  'merchant.currency_decided': team(
    'ACCOUNT',
    'merchant:read',
    'The operator decided on another account currency.',
    { channels: ['EMAIL'] },
  ),
  'merchant.closed': team('ACCOUNT', 'merchant:read', 'The account was closed.', LOUD),
  'merchant.ownership_transferred': team('SECURITY', 'member:read', 'The account has another owner.', LOUD),
  'member.invited': team('SECURITY', 'member:read', 'Somebody was invited by e-mail.', { mailTo: ['email'] }),
  'member.invitation_revoked': team('SECURITY', 'member:read', 'An invitation was taken back.'),
  'member.joined': team('SECURITY', 'member:read', 'Somebody accepted an invitation.', LOUD),
  'member.changed': team('SECURITY', 'member:read', 'Role or projects of a member were changed.', LOUD),
  'member.disabled': team('SECURITY', 'member:read', 'A member lost access until further notice.'),
  'member.enabled': team('SECURITY', 'member:read', 'A disabled member has access again.', LOUD),
  'member.removed': team('SECURITY', 'member:read', 'A member left or was removed.'),
  'project.created': team('PROJECT', 'project:read', 'A project was created.', { channels: ['INFO_BOT'] }),
  'project.updated': team('PROJECT', 'project:read', 'The settings of a project were changed.'),
  'project.archived': team('PROJECT', 'project:read', 'A project was archived.'),
  'project.restored': team('PROJECT', 'project:read', 'An archived project was restored.'),
  'project.moderation_requested': team(
    'PROJECT',
    'project:read',
    'The operator is asked to approve a project.',
  ),
  'project.moderation_decided': team('PROJECT', 'project:read', 'The operator decided on a project.', {
    severity: 'WARNING',
    channels: ['EMAIL', 'MERCHANT_BOT'],
  }),
  'api_key.created': team('SECURITY', 'api_key:read', 'An API key was created.', {
    severity: 'WARNING',
    channels: ['EMAIL', 'INFO_BOT', 'MERCHANT_BOT'],
  }),
  'api_key.changed': team(
    'SECURITY',
    'api_key:read',
    'Name, scopes or addresses of an API key were changed.',
    LOUD,
  ),
  'api_key.rotated': team('SECURITY', 'api_key:read', 'An API key has a successor and ends soon.', LOUD),
  'api_key.revoked': team('SECURITY', 'api_key:read', 'An API key was revoked.', LOUD),
  'withdrawal_address.added': team('SECURITY', 'withdrawal:read', 'An address for payouts was listed.', LOUD),
  'withdrawal_address.removed': team(
    'SECURITY',
    'withdrawal:read',
    'An address for payouts was taken off the list.',
    LOUD,
  ),
  'withdrawal_whitelist.changed': team(
    'SECURITY',
    'withdrawal:read',
    'Payouts to listed addresses only was switched on or off.',
    LOUD,
  ),
  'fee_schedule.changed': live('BILLING', 'What the gateway takes was changed by an operator.'),
} as const satisfies Record<string, EventRow>;
