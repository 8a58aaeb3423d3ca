import { INFO_BOT_TOKEN, type Platform } from './platform.ts';

const start = performance.now();

/** One line of the demo: seconds since its start, where it happened, and what. */
export function say(where: string, what: string): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(2).padStart(6);
  process.stdout.write(`${seconds} s  ${where.padEnd(12)} ${what}\n`);
}

const oneLine = (text: string): string =>
  text
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 120);

/** Tells of every e-mail, SMS and chat message when it arrives at its double. */
export function sayWhatArrives({ mail, sms, bots }: Pick<Platform, 'mail' | 'sms' | 'bots'>): void {
  mail.onMail((caught) =>
    say('e-mail', `to ${caught.recipients.join(', ')}: ${caught.parsed.subject ?? ''}`),
  );
  sms.onMessage(({ to, body }) => say('SMS', `to ${to}: ${oneLine(body)}`));
  bots.onMessage(({ token, text }) =>
    say(token === INFO_BOT_TOKEN ? 'info bot' : 'merchant bot', oneLine(text)),
  );
}
