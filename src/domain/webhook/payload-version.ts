/** Forms of the payload (FEATURES W1), the newest last. An endpoint keeps its own until it chooses another. */
export const PAYLOAD_VERSIONS = ['2026-11-21'] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];
export const NEWEST_PAYLOAD_VERSION: PayloadVersion = '2026-11-21';
