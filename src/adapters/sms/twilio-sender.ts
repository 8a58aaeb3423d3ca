import type { SmsSender } from '../../usecases/ports/senders.ts';
import { answerOutcome, networkOutcome } from './sms-outcome.ts';

export interface TwilioSenderOptions {
  /** Where the service answers, without a slash at the end. */
  readonly apiRoot: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** A phone number of the account, or a sender name. */
  readonly from: string;
  /** Default 15 s. */
  readonly timeoutMilliseconds?: number;
}

/** ITU-T E.164: at most 15 digits. */
const PHONE = /^\+[1-9]\d{6,14}$/;

/** Sends SMS through Twilio's API, or that of a service that copies it (FEATURES A12). Each call is one attempt. */
export function createTwilioSender(options: TwilioSenderOptions): SmsSender {
  const { apiRoot, accountSid, authToken, from, timeoutMilliseconds = 15_000 } = options;
  const url = `${apiRoot}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return {
    async send({ to, text }) {
      if (!PHONE.test(to)) return { kind: 'rejected', error: 'the target is no phone number' };
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { authorization, accept: 'application/json' },
          body: new URLSearchParams({ To: to, From: from, Body: text }),
          // The account's password goes nowhere but there.
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        return await answerOutcome(response);
      } catch (fault) {
        return networkOutcome(fault);
      }
    },
  };
}
