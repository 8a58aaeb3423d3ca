import { z } from 'zod';
import { baseUrl } from './readers.ts';
import type { Variables } from './variable.ts';

export const smsVariables = {
  SMS_API_ROOT: {
    description:
      'SMS service that speaks Twilio’s API, such as `https://api.twilio.com`. All four SMS variables or none; ' +
      'without them no SMS is sent.',
    schema: baseUrl('https', 'http').optional(),
  },
  SMS_ACCOUNT_SID: {
    description: 'Account at the SMS service.',
    schema: z
      .string()
      .regex(/^\w{2,64}$/, 'must be the account’s id, letters and digits')
      .optional(),
  },
  SMS_AUTH_TOKEN: {
    description: 'Password of that account.',
    secret: true,
    schema: z.string().optional(),
  },
  SMS_FROM: {
    description:
      'Sender of the SMS: a phone number such as `+12025550100`, or a name of up to 11 characters.',
    schema: z
      .string()
      .regex(
        /^(?:\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/,
        'must be a phone number with + or a name of up to 11 characters',
      )
      .optional(),
  },
} as const satisfies Variables;
