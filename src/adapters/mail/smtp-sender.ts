import { createTransport } from 'nodemailer';
import { isMailbox } from '../../domain/account/email-address.ts';
import type { MailMessage, MailSender } from '../../usecases/ports/senders.ts';
import { mailOutcome } from './mail-outcome.ts';

export interface SmtpSenderOptions {
  /** smtp:// or smtps:// with credentials where the server asks for them. */
  readonly url: string;
  /** The visible sender, such as `Paybell <bell@example.org>`. */
  readonly from: string;
  /** Connections kept open at most. Default 5. */
  readonly maxConnections?: number;
  /** For the connection, the greeting and each silence of the server. Default 15 s. */
  readonly timeoutMilliseconds?: number;
}

export interface SmtpSender extends MailSender {
  /** Lets what is being sent finish and closes the connections. */
  close(): void;
}

const addressOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();

/**
 * Sends mail over pooled SMTP connections (FEATURES N2).
 *
 * The Message-ID is made of the delivery's id and stays the same over attempts, so that a mail which is sent twice,
 * because the answer to the first attempt was lost, is recognised as one by mail stores (RFC 5322, 3.6.4).
 */
export function createSmtpSender(options: SmtpSenderOptions): SmtpSender {
  const { url, from, maxConnections = 5, timeoutMilliseconds = 15_000 } = options;
  const fromAddress = addressOf(from);
  if (!isMailbox(fromAddress))
    throw new TypeError('the mail sender needs an address such as bell@example.org');
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  const transport = createTransport({
    url,
    pool: true,
    maxConnections,
    // The durable delivery counts and spaces the attempts, so the pool makes none of its own.
    maxRequeues: 0,
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  const compose = ({ to, subject, text, html, deliveryId }: MailMessage) => ({
    from,
    // As an object: a string would be read as a list of addresses.
    to: { name: '', address: to },
    envelope: { from: fromAddress, to: [to] },
    subject: subject.replace(/[\r\n]+/g, ' '),
    text,
    html,
    messageId: `<${deliveryId}@${domain}>`,
    // RFC 3834: keeps out-of-office replies away.
    headers: { 'Auto-Submitted': 'auto-generated' },
  });

  return {
    async send(message) {
      if (!isMailbox(message.to)) return { kind: 'rejected', error: 'the target is not one e-mail address' };
      try {
        await transport.sendMail(compose(message));
        return { kind: 'sent' };
      } catch (error) {
        return mailOutcome(error);
      }
    },
    close: () => transport.close(),
  };
}
