import { createConsoleSender } from '../../adapters/mail/console-sender.ts';
import { createSmtpSender } from '../../adapters/mail/smtp-sender.ts';
import { createBotApiSender } from '../../adapters/telegram/bot-api-sender.ts';
import type { Config } from '../../config/config.ts';
import type { ChatSender, MailSender } from '../../usecases/ports/senders.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import type { Shutdown } from '../shutdown.ts';

export interface Channels {
  readonly mail: MailSender;
  readonly chat: ChatSender;
}

/** The tokens of the bots that are set up. */
export const botTokens = ({ telegram }: Config): Readonly<Partial<Record<BotKind, string>>> => ({
  ...(telegram.infoBot ? { INFO: telegram.infoBot.token } : {}),
  ...(telegram.merchantBot ? { MERCHANT: telegram.merchantBot.token } : {}),
});

/** Opens what sends e-mail and chat messages. */
export function composeChannels(config: Config, shutdown: Shutdown): Channels {
  const chat = createBotApiSender({ tokens: botTokens(config), apiRoot: config.telegram.apiRoot });
  shutdown.add('Bot API', async () => chat.close());
  const { smtpUrl, from } = config.mail;
  if (smtpUrl === null)
    return { mail: createConsoleSender((text) => process.stdout.write(`${text}\n`)), chat };
  const mail = createSmtpSender({ url: smtpUrl, from });
  shutdown.add('SMTP', async () => mail.close());
  return { mail, chat };
}
