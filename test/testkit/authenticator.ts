import { createHmac } from 'node:crypto';
import { base32nopad } from '@scure/base';

const STEP_SECONDS = 30;

/** The code that an authenticator app shows, straight from RFC 4226 and 6238: no library of the gateway's. */
export function totpAt(base32Secret: string, at: Date, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 1000 / STEP_SECONDS)));
  const mac = createHmac('sha1', base32nopad.decode(base32Secret)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) % 16;
  const number = mac.readUInt32BE(offset) % 0x80000000;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** A code that none of the steps around this moment has. */
export function wrongCode(base32Secret: string, at: Date): string {
  const near = new Set(
    [-2, -1, 0, 1, 2].map((steps) =>
      totpAt(base32Secret, new Date(at.getTime() + steps * STEP_SECONDS * 1000)),
    ),
  );
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code)) ?? '';
}
