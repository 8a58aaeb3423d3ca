import { z } from 'zod';
import { url } from './readers.ts';
import type { Variables } from './variable.ts';

/** No line breaks: what is written here becomes a header. */
const MAILBOX = /^(?:[^<>\r\n]+ )?<?[^\s<>@]+@[^\s<>@]+>?$/;

export const mailVariables = {
  SMTP_URL: {
    description: 'Mail server, such as `smtps://user:password@mail.example:465`. Without it no mail is sent.',
    secret: true,
    requiredInProduction: true,
    schema: url('smtp', 'smtps').optional(),
  },
  MAIL_FROM: {
    description: 'Sender of the mails.',
    shownDefault: 'Paybell <no-reply@localhost>',
    schema: z
      .string()
      .regex(MAILBOX, 'must be an address such as Paybell <no-reply@shop.example>')
      .default('Paybell <no-reply@localhost>'),
  },
} as const satisfies Variables;
