import type { SmsSender } from '../../usecases/ports/senders.ts';

/** Development without an SMS service: the SMS is printed instead of sent, codes included. */
export const createConsoleSmsSender = (print: (text: string) => void): SmsSender => ({
  async send({ to, text }) {
    print(`--- SMS to ${to}\n${text}\n---`);
    return { kind: 'sent' };
  },
});
