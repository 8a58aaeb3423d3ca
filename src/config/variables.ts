import { databaseVariables } from './database.ts';
import { httpVariables } from './http.ts';
import { mailVariables } from './mail.ts';
import { networkVariables } from './networks.ts';
import { rateVariables } from './rates.ts';
import { runtimeVariables } from './runtime.ts';
import { secretVariables } from './secrets.ts';
import { smsVariables } from './sms.ts';
import { telegramVariables } from './telegram.ts';
import type { Variables, ValuesOf } from './variable.ts';
import { webhookVariables } from './webhooks.ts';

/** Every variable of the environment that the gateway reads, in the order of the README's table. */
export const VARIABLES = {
  ...runtimeVariables,
  ...httpVariables,
  ...databaseVariables,
  ...secretVariables,
  ...mailVariables,
  ...smsVariables,
  ...telegramVariables,
  ...webhookVariables,
  ...networkVariables,
  ...rateVariables,
} as const satisfies Variables;

export type Values = ValuesOf<typeof VARIABLES>;
