import { createConsoleSender } from '../../adapters/mail/console-sender.ts';
import { createSmtpSender } from '../../adapters/mail/smtp-sender.ts';
import { createConsoleSmsSender } from '../../adapters/sms/console-sms-sender.ts';
import { createSmsOff } from '../../adapters/sms/sms-off.ts';
import { createTwilioSender } from '../../adapters/sms/twilio-sender.ts';
import { createBotApiSender } from '../../adapters/telegram/bot-api-sender.ts';
import type { Config } from '../../config/config.ts';
import type { ChatSender, MailSender, SmsSender } from '../../usecases/ports/senders.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import type { Shutdown } from '../shutdown.ts';

export interface Channels {
  readonly mail: MailSender;
  readonly sms: SmsSender;
  readonly chat: ChatSender;
}

/** The tokens of the bots that are set up. */
export const botTokens = ({ telegram }: Config): Readonly<Partial<Record<BotKind, string>>> => ({
  ...(telegram.infoBot ? { INFO: telegram.infoBot.token } : {}),
  ...(telegram.merchantBot ? { MERCHANT: telegram.merchantBot.token } : {}),
});

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Without a service: printed for a developer, and refused where the log of a real gateway would hold the codes. */
function smsSender({ sms, environment }: Config): SmsSender {
  if (sms !== null) return createTwilioSender(sms);
  return environment === 'production' ? createSmsOff() : createConsoleSmsSender(print);
}

/** Opens what sends e-mail, SMS and chat messages. */
export function composeChannels(config: Config, shutdown: Shutdown): Channels {
  const chat = createBotApiSender({ tokens: botTokens(config), apiRoot: config.telegram.apiRoot });
  shutdown.add('Bot API', async () => chat.close());
  const sms = smsSender(config);
  const { smtpUrl, from, dkim } = config.mail;
  if (smtpUrl === null) return { mail: createConsoleSender(print), sms, chat };
  const mail = createSmtpSender({ url: smtpUrl, from, dkim });
  shutdown.add('SMTP', async () => mail.close());
  return { mail, sms, chat };
}
