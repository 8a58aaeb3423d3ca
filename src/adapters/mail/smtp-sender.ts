import { createTransport } from 'nodemailer';
import { isMailbox } from '../../domain/account/email-address.ts';
import type { MailMessage, MailSender } from '../../usecases/ports/senders.ts';
import { mailOutcome } from './mail-outcome.ts';

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** An RSA key in PEM. */
  readonly privateKey: string;
}

export interface SmtpSenderOptions {
  /** smtp:// or smtps:// with credentials where the server asks for them. */
  readonly url: string;
  /** The visible sender, such as `Paybell <bell@example.org>`. */
  readonly from: string;
  /** Signs what is sent (RFC 6376); null for a server that does so itself. */
  readonly dkim?: DkimKey | null;
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

/** Of both bodies; above a hundred kilobytes mail programs hide the end. */
const MAX_BYTES = 256 * 1024;

/** What RFC 8058, 4 asks for, and the headers that a reader sees or a program acts upon. */
const SIGNED_HEADERS =
  'From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Auto-Submitted:List-Unsubscribe:List-Unsubscribe-Post';

/**
 * Sends mail over pooled SMTP connections (FEATURES N5).
 *
 * The Message-ID is made of the delivery's id and stays the same over attempts, so that a mail which is sent twice,
 * because the answer to the first attempt was lost, is recognised as one by mail stores (RFC 5322, 3.6.4).
 */
export function createSmtpSender(options: SmtpSenderOptions): SmtpSender {
  const { from } = options;
  const fromAddress = addressOf(from);
  if (!isMailbox(fromAddress))
    throw new TypeError('the mail sender needs an address such as bell@example.org');
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  const transport = createTransport(transportOptions(options));

  const compose = ({ to, subject, text, html, deliveryId, unsubscribeUrl }: MailMessage) => ({
    from,
    // As an object: a string would be read as a list of addresses.
    to: { name: '', address: to },
    envelope: { from: fromAddress, to: [to] },
    subject: oneLine(subject),
    text,
    html,
    messageId: `<${deliveryId}@${domain}>`,
    headers: {
      // RFC 3834: keeps out-of-office replies away.
      'Auto-Submitted': 'auto-generated',
      ...unsubscribeHeaders(unsubscribeUrl),
    },
  });

  return {
    async send(message) {
      if (!isMailbox(message.to)) return { kind: 'rejected', error: 'the target is not one e-mail address' };
      if (Buffer.byteLength(message.text) + Buffer.byteLength(message.html) > MAX_BYTES)
        return { kind: 'rejected', error: 'the mail is too large' };
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

const transportOptions = ({
  url,
  dkim,
  maxConnections = 5,
  timeoutMilliseconds = 15_000,
}: SmtpSenderOptions) => ({
  url,
  pool: true as const,
  maxConnections,
  // The durable delivery counts and spaces the attempts, so the pool makes none of its own.
  maxRequeues: 0,
  connectionTimeout: timeoutMilliseconds,
  greetingTimeout: timeoutMilliseconds,
  socketTimeout: timeoutMilliseconds,
  disableFileAccess: true,
  disableUrlAccess: true,
  ...(dkim && {
    dkim: {
      domainName: dkim.domain,
      keySelector: dkim.selector,
      privateKey: dkim.privateKey,
      headerFieldNames: SIGNED_HEADERS,
    },
  }),
});

/** Nothing that could end a header, or show it in another direction. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();

/** RFC 2369 and RFC 8058; what a URL is written as holds no blank and no angle bracket. Throws on what is no URL of a web page: this gateway makes them all. */
function unsubscribeHeaders(url: string | null): Readonly<Record<string, string>> {
  if (url === null) return {};
  const { href, protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('mails are ended at a web page');
  return {
    'List-Unsubscribe': `<${href}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
