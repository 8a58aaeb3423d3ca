/** What a person puts into an authenticator app. */
export interface TotpProvision {
  /** The shared secret in base32, for typing. */
  readonly secret: string;
  /** otpauth:// URI with the same. */
  readonly uri: string;
  /** The URI as a QR code: an SVG image as a data URI. */
  readonly qrCode: string;
}

/** Codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of 30 seconds. */
export interface TotpCodes {
  /** 160 random bits, as RFC 4226 recommends. */
  newSecret(): Uint8Array;
  /** `account` is the person's e-mail address; the app shows it. */
  provision(secret: Uint8Array, account: string): TotpProvision;
  /** The time step whose code this is: that of `at`, the one before or the one after. Null when it is none of them. */
  stepOf(secret: Uint8Array, digits: string, at: Date): number | null;
}

/** Makes recovery codes, in the form that people read. */
export type NewRecoveryCode = () => string;
