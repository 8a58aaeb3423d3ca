/** Makes a safe picture of what a stranger sent (RULES 19). */
export interface LogoEncoder {
  /**
   * A PNG of at most 512 × 512 pixels without metadata. 'unsupported' for what is no PNG, JPEG or WebP by its bytes,
   * 'damaged' for one that cannot be read to its end or has too many pixels, 'busy' while too many wait.
   */
  encode(bytes: Uint8Array): Promise<Uint8Array | 'unsupported' | 'damaged' | 'busy'>;
}
