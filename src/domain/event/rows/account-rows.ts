import { alert, live, type EventRow } from '../event-row.ts';

/** A link or code on its way: sent to where `mailTo` and `smsTo` say, and nowhere else. */
const secret = (description: string, to: Pick<EventRow, 'mailTo' | 'smsTo'>): EventRow => ({
  ...live('SECURITY', description),
  ...to,
});

/** Events of people and their sessions. */
export const ACCOUNT_ROWS = {
  'user.signed_up': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: false,
    description: 'A person signed up and is sent the link that confirms the e-mail address.',
  },
  'user.sign_up_repeated': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: false,
    description: 'Somebody tried to sign up with the address of an existing account; its owner is told.',
  },
  'user.email_confirmed': live('SECURITY', 'A person confirmed the e-mail address.'),
  'user.password_reset_requested': {
    ...live('SECURITY', 'A person who forgot the password is sent the link that sets a new one.'),
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
  },
  'user.password_reset': alert('A forgotten password was replaced by the link in a mail.'),
  'user.password_changed': alert('A person changed the password.'),
  'user.email_change_requested': secret('A new e-mail address is sent the code that proves it.', {
    mailTo: ['newEmail'],
  }),
  'user.email_changed': {
    ...alert('A person changed the e-mail address; the old one is told as well.', ['INFO_BOT']),
    mailTo: ['oldEmail', 'newEmail'],
  },
  'user.phone_change_requested': secret('A new phone number is sent the code that proves it.', {
    smsTo: ['newPhone'],
  }),
  'user.phone_changed': alert('A person changed the phone number.'),
  'user.two_factor_code_requested': secret(
    'A person is sent the code that begins to set up an authenticator.',
    {
      mailTo: ['email'],
      smsTo: ['phone'],
    },
  ),
  'user.two_factor_enabled': alert('Signing in asks for the codes of an authenticator from now on.'),
  'user.two_factor_disabled': alert('Signing in asks for no second factor any more.'),
  'user.recovery_codes_created': alert('New recovery codes were made; the old ones are void.'),
  'user.recovery_code_used': alert('A recovery code stood for the authenticator.'),
  'user.two_factor_reset_requested': {
    ...live('SECURITY', 'A person who lost the authenticator is sent the link that asks the operator.'),
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
  },
  'user.two_factor_reset_filed': alert('The operator is asked to take the authenticator off.'),
  'user.two_factor_reset_decided': alert('The operator decided on taking the authenticator off.'),
  'user.pin_set': alert('A PIN locks idle sessions from now on.'),
  'user.pin_removed': alert('The PIN was removed: idle sessions end.'),
  'session.created': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['INFO_BOT'],
    inCentre: true,
    description: 'A person signed in.',
  },
  'session.refused': live('SECURITY', 'Somebody failed to sign in.'),
  'session.unlocked': live('SECURITY', 'A locked session was opened by the PIN.'),
  'session.unlock_refused': live('SECURITY', 'A wrong PIN was given for a locked session.'),
  'session.stepped_up': live('SECURITY', 'A person proved to be there.'),
  'session.step_up_refused': live('SECURITY', 'Somebody failed to prove to be there.'),
  'session.ended': live('SECURITY', 'A session was ended.'),
  'operator.created': live('SECURITY', 'Somebody was made an operator.'),
  'operator.changed': live('SECURITY', 'The role of an operator was changed.'),
  'operator.disabled': live('SECURITY', 'An operator lost the rights.'),
  'session.disowned': {
    ...alert('A person said of a sign-in that it was somebody else: the session was ended and payouts wait.'),
    severity: 'CRITICAL',
  },
  'telegram_link.connected': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: [],
    inCentre: true,
    description: 'A Telegram chat was connected to one of the bots.',
  },
  'telegram_link.disconnected': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: [],
    inCentre: true,
    description: 'A Telegram chat was disconnected.',
  },
  'telegram_link.blocked': {
    category: 'ERRORS',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: true,
    description: 'A person blocked the bot or deleted the chat: nothing can be told there any more.',
  },
  'user.email_bounced': {
    category: 'ERRORS',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['INFO_BOT'],
    inCentre: true,
    description: 'The mail server of a person refuses the address for good.',
  },
} as const satisfies Record<string, EventRow>;
