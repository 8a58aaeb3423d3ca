import { z } from 'zod';
import { url } from './readers.ts';
import type { Variables } from './variable.ts';

const network = z
  .strictObject({
    /** A network of domain/chain/networks. */
    network: z.string().min(1),
    rpcUrl: url('https', 'http'),
    /** Checked against the node at start. */
    chainId: z.int().positive().optional(),
    /** Blocks until a payment counts; the network's own number when left out. */
    confirmations: z.int().min(1).max(1_000).optional(),
    /** Account-level extended public key (BIP-32); the private one never comes here. */
    xpub: z.string().regex(/^[a-z]pub[1-9A-HJ-NP-Za-km-z]{100,120}$/, 'must be an extended public key'),
    /** First block that is read when nothing was read before; a little below the newest when left out. */
    startHeight: z.int().min(0).optional(),
    pollIntervalMs: z.int().min(100).max(600_000).optional(),
    /** Token contracts by asset. */
    contracts: z.record(z.string(), z.string().min(1)).optional(),
  })
  .readonly();

export type NetworkConfig = z.infer<typeof network>;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});

const namedOnce = (networks: readonly NetworkConfig[]): boolean =>
  new Set(networks.map((each) => each.network)).size === networks.length;

export const networkVariables = {
  NETWORKS: {
    description:
      'Networks that are watched, a JSON list of `{ network, rpcUrl, xpub, chainId?, confirmations?, startHeight?, pollIntervalMs?, contracts? }`.',
    shownDefault: '[]',
    // The URL of a node often has its key in it.
    secret: true,
    schema: json
      .pipe(z.array(network).refine(namedOnce, 'must name each network once'))
      .optional()
      .transform((networks): readonly NetworkConfig[] => networks ?? []),
  },
} as const satisfies Variables;
