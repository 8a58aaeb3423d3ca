import type { SmsSender } from '../../usecases/ports/senders.ts';

/** Production without an SMS service: nothing is sent, and the delivery says why. */
export const createSmsOff = (): SmsSender => ({
  send: async () => ({ kind: 'rejected', error: 'no SMS service is set up' }),
});
