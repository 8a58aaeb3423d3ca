import encodeQR from 'qr';
import type { QrCodes } from '../../usecases/ports/qr-codes.ts';

/** With the quiet zone of four modules that readers need. */
export const qrCodes: QrCodes = { svg: (text) => encodeQR(text, 'svg', { ecc: 'medium', border: 4 }) };
