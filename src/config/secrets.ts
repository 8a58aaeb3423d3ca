import { z } from 'zod';
import type { Variables } from './variable.ts';

/** 32 bytes that everyone can read here: production refuses them. */
export const DEVELOPMENT_SECRET_KEY = Buffer.from('paybell development key, no prod').toString('base64');

const KEY_BYTES = 32;

const decoded = (text: string): Buffer => Buffer.from(text, 'base64');

export const secretVariables = {
  SECRET_KEY: {
    description:
      '32 random bytes in base64 (`openssl rand -base64 32`); makes the secrets of the links in mails.',
    shownDefault: 'a known key that production refuses',
    secret: true,
    requiredInProduction: true,
    schema: z
      .string()
      .refine((text) => decoded(text).length === KEY_BYTES && decoded(text).toString('base64') === text, {
        message: 'must be 32 bytes in base64',
      })
      .optional()
      .transform((text) => text ?? DEVELOPMENT_SECRET_KEY),
  },
} as const satisfies Variables;
