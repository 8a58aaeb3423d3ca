import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import encodeQR from 'qr';
import type { TotpCodes } from '../../usecases/ports/second-factor.ts';

const ISSUER = 'Paybell';
/** What every authenticator app understands. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps before and after the present one: clocks differ, and people take a while to type (RFC 6238, 5.2). */
const WINDOW = 1;
const SECRET_BYTES = 20;

export function createTotpCodes(): TotpCodes {
  return {
    newSecret: () => randomBytes(SECRET_BYTES),

    provision(secret, account) {
      const totp = new TOTP({ ...PARAMETERS, issuer: ISSUER, label: account, secret: secretOf(secret) });
      const uri = totp.toString();
      const svg = encodeQR(uri, 'svg', { border: 4 });
      const qrCode = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
      return { secret: totp.secret.base32, uri, qrCode };
    },

    stepOf(secret, digits, at) {
      const timestamp = at.getTime();
      const delta = TOTP.validate({
        ...PARAMETERS,
        token: digits,
        secret: secretOf(secret),
        timestamp,
        window: WINDOW,
      });
      return delta === null ? null : TOTP.counter({ period: PARAMETERS.period, timestamp }) + delta;
    },
  };
}

/** A copy: a Buffer of Node may be a window on shared memory, of which the library would take all. */
const secretOf = (bytes: Uint8Array): Secret => new Secret({ buffer: Uint8Array.from(bytes).buffer });
