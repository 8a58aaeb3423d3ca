import { flag, integer } from './readers.ts';
import type { Variables } from './variable.ts';

export const webhookVariables = {
  WEBHOOK_TIMEOUT_SECONDS: {
    description: 'How long one attempt to reach a webhook endpoint may take, from its name to its answer.',
    shownDefault: '15',
    schema: integer(15, 1, 30),
  },
  WEBHOOK_ALLOW_PRIVATE: {
    description:
      'Send webhooks to private addresses and names too, for shops that are developed on the same machine. ' +
      'Production refuses it.',
    shownDefault: 'false',
    schema: flag().transform((value) => value ?? false),
  },
} as const satisfies Variables;
