import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { url } from './readers.ts';
import type { Variables } from './variable.ts';

/** No line breaks: what is written here becomes a header. */
const MAILBOX = /^(?:[^<>\r\n]+ )?<?[^\s<>@]+@[^\s<>@]+>?$/;

/** Names of DNS without the dot at the end: `d=` and `s=` of the signature (RFC 6376, 3.5). */
const DNS_NAME = /^(?!.{254})[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;
const dnsName = () => z.string().regex(DNS_NAME, 'must be a name such as mail.shop.example').optional();

/** RFC 8301, 3.2. */
const MIN_RSA_BITS = 1024;

/** An RSA key that can sign: what nodemailer signs with. */
function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
  } catch {
    return false;
  }
}

const DKIM_VARIABLES = ['MAIL_DKIM_DOMAIN', 'MAIL_DKIM_SELECTOR', 'MAIL_DKIM_PRIVATE_KEY'] as const;

/** What the variables for DKIM say together. */
export function dkimFaults(texts: Readonly<Record<string, string | undefined>>): string[] {
  const missing = DKIM_VARIABLES.filter((name) => texts[name] === undefined);
  if (missing.length === DKIM_VARIABLES.length) return [];
  return missing.map((name) => `${name}: must be set with the other variables of DKIM`);
}

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
  MAIL_DKIM_DOMAIN: {
    description:
      'Domain that signs the mails (DKIM), that of `MAIL_FROM` or one above it; with the next two, for a mail server that does not sign by itself.',
    schema: dnsName(),
  },
  MAIL_DKIM_SELECTOR: {
    description: 'Where the public key stands: `<selector>._domainkey.<domain>`.',
    schema: dnsName(),
  },
  MAIL_DKIM_PRIVATE_KEY: {
    description:
      'RSA key in PEM, 2048 bits if you make one (`openssl genrsa 2048`); line breaks may be written as `\\n`.',
    secret: true,
    schema: z
      .string()
      .transform((text) => text.replaceAll('\\n', '\n'))
      .refine(isSigningKey, `must be a private RSA key of at least ${MIN_RSA_BITS} bits in PEM`)
      .optional(),
  },
} as const satisfies Variables;
