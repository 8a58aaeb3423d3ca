import { expect, test } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import { PAYOUT_FAILURES, WAITS_FOR_MEMBER } from '../../../src/domain/payout/payout-waits.ts';
import { MESSAGE_LANGUAGES } from './message-languages.ts';
import { sampleEvent } from './sample-events.ts';

const messages = createEtaMessages();

const CODES = [
  ['payout.failed', 'reason', PAYOUT_FAILURES],
  ['payout.stalled', 'reason', WAITS_FOR_MEMBER],
  [
    'auto_withdrawal.disabled',
    'failure',
    [
      'MAKER_HAS_NO_RIGHT',
      'MAKER_HAS_NO_AUTHENTICATOR',
      'NETWORK_NOT_CONFIGURED',
      'ADDRESS_NOT_LISTED',
      'ADDRESS_INVALID',
      'MERCHANT_CLOSED',
      'FAULT',
      'PAYOUT_FAILED',
    ],
  ],
  ['refund.failed', 'failure', [...PAYOUT_FAILURES, 'PAYOUT_FAILED', 'PAYOUT_REJECTED']],
] as const;

test.each(MESSAGE_LANGUAGES)('every reason has words in %s', (language) => {
  for (const [type, field, codes] of CODES)
    for (const code of codes) {
      const { text } = messages.mail(sampleEvent(type, { [field]: code }), language, {}, null);
      expect(text, `${type} ${code}`).not.toContain(code);
    }
});
