/**
 * Whether this gateway can send an asset over a network: it is configured, with the asset. Of LIVE money only: play money
 * goes over every network that the gateway knows.
 */
export type CanSend = (network: string, asset: string) => boolean;
