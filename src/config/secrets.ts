import { z } from 'zod';
import { list } from './readers.ts';
import type { Variables } from './variable.ts';

/** 32 bytes that everyone can read here: production refuses them. */
export const DEVELOPMENT_SECRET_KEY = Buffer.from('paybell development key, no prod').toString('base64');

const KEY_BYTES = 32;

const decoded = (text: string): Buffer => Buffer.from(text, 'base64');

const key = () =>
  z
    .string()
    .refine((text) => decoded(text).length === KEY_BYTES && decoded(text).toString('base64') === text, {
      message: 'must be 32 bytes in base64',
    });

export const secretVariables = {
  SECRET_KEY: {
    description:
      '32 random bytes in base64 (`openssl rand -base64 32`); makes the secrets of the links in mails and seals what must be read again.',
    shownDefault: 'a known key that production refuses',
    secret: true,
    requiredInProduction: true,
    schema: key()
      .optional()
      .transform((text) => text ?? DEVELOPMENT_SECRET_KEY),
  },
  PREVIOUS_SECRET_KEYS: {
    description:
      'Former values of `SECRET_KEY`, separated by commas: what they sealed can be opened until `npm run secrets:reseal` has sealed it anew.',
    secret: true,
    schema: list(key()),
  },
} as const satisfies Variables;
