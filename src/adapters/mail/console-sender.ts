import type { MailSender } from '../../usecases/ports/senders.ts';

/** Development without an SMTP server: the mail is printed instead of sent, links included. */
export const createConsoleSender = (print: (text: string) => void): MailSender => ({
  async send({ to, subject, text }) {
    print(`--- mail to ${to}: ${subject}\n${text}\n---`);
    return { kind: 'sent' };
  },
});
