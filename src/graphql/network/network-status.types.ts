import { networkOf, type NetworkCode } from '../../domain/chain/networks.ts';
import type { ChainStatus } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { NetworkCodeEnum } from '../money/money.types.ts';

const NetworkFamilyEnum = builder.enumType('NetworkFamily', {
  description: 'How a network is read.',
  values: {
    EVM: { description: 'By Ethereum JSON-RPC.' },
    UTXO: { description: 'By the JSON-RPC of Bitcoin Core and its kin.' },
  } as const,
});

export interface StatusView {
  readonly network: string;
  /** Null before a watcher told anything. */
  readonly told: ChainStatus | null;
}

export const NetworkStatus = builder.objectRef<StatusView>('NetworkStatus').implement({
  description: 'How far a configured network is read, as its leading watcher last told.',
  fields: (t) => ({
    code: t.field({
      type: NetworkCodeEnum,
      description: 'The network.',
      resolve: ({ network }) => network as NetworkCode,
    }),
    family: t.field({
      type: NetworkFamilyEnum,
      description: 'How it is read.',
      resolve: ({ network }) => networkOf(network).family,
    }),
    height: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'The highest block taken in.',
      resolve: ({ told }) => told?.height ?? null,
    }),
    head: t.field({
      type: 'BigInt',
      nullable: true,
      description: "The node's highest block.",
      resolve: ({ told }) => told?.head ?? null,
    }),
    lag: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Blocks that wait to be taken in.',
      resolve: ({ told }) => lagOf(told),
    }),
    finalized: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'The highest block that the node calls final; null where confirmations decide.',
      resolve: ({ told }) => told?.finalized ?? null,
    }),
    lastError: t.string({
      nullable: true,
      description: 'The last failure; it is over when `updatedAt` is later than `lastErrorAt`.',
      resolve: ({ told }) => told?.lastError ?? null,
    }),
    lastErrorAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it failed.',
      resolve: ({ told }) => told?.lastErrorAt ?? null,
    }),
    stopped: t.boolean({
      description: 'Whether nothing is taken in any more until an operator has looked at it.',
      resolve: ({ told }) => told?.stopped ?? false,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the node last answered; null when none has yet.',
      resolve: ({ told }) => told?.updatedAt ?? null,
    }),
  }),
});

function lagOf(told: ChainStatus | null): bigint | null {
  if (!told || told.height === null || told.head === null) return null;
  return told.head > told.height ? told.head - told.height : 0n;
}

/** Every configured network, in the order of the configuration; no rights are checked here. */
export async function readNetworkStatuses({
  prisma,
  networks,
}: Pick<GraphQLContext, 'prisma' | 'networks'>): Promise<readonly StatusView[]> {
  const told = await prisma.chainStatus.findMany({ where: { network: { in: [...networks] } } });
  const byNetwork = new Map(told.map((row) => [row.network, row]));
  return networks.map((network) => ({ network, told: byNetwork.get(network) ?? null }));
}
