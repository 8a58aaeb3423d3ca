/** Draws QR codes (ISO/IEC 18004). */
export interface QrCodes {
  /** An SVG element that holds the text; nothing of the text stands in it otherwise. */
  svg(text: string): string;
}
