import { mayOperate } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { AssetCodeEnum, MoneyType, money, NetworkCodeEnum } from '../money/money.types.ts';

export const UnmatchedReasonEnum = builder.enumType('UnmatchedReason', {
  description: 'Why nothing could take a transfer.',
  values: {
    UNKNOWN_TOKEN: { description: 'The gateway does not know the token.' },
    WRONG_NETWORK: { description: 'The address was given out for another network.' },
  } as const,
});

const networkCode = (network: string) => network as typeof NetworkCodeEnum.$inferType;

export const UnmatchedTransfer = builder.prismaNode('UnmatchedTransfer', {
  description:
    'A transfer to an address of the gateway that no invoice or static wallet can take. For operators.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => (mayOperate(actor, 'transfer:read') ? { id } : { id, OR: [] }),
  authScopes: { operator: 'transfer:read' },
  runScopesOnType: true,
  fields: (t) => ({
    reason: t.expose('reason', { type: UnmatchedReasonEnum, description: 'Why nothing could take it.' }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'The network that it was sent over.',
      resolve: ({ network }) => networkCode(network),
    }),
    txId: t.exposeString('txId', { description: 'Transaction id.' }),
    outputIndex: t.exposeInt('outputIndex', {
      description: "Place in its transaction; -1 for a transfer of an EVM network's own coin.",
    }),
    contract: t.string({
      nullable: true,
      description: "The token's contract; null for the network's own coin.",
      resolve: ({ contract }) => (contract === '' ? null : contract),
    }),
    asset: t.field({
      type: AssetCodeEnum,
      nullable: true,
      description: 'What was sent; null for a token that the gateway does not know.',
      resolve: ({ asset }) => asset as typeof AssetCodeEnum.$inferType | null,
    }),
    units: t.field({
      type: 'BigInt',
      description: "How much, in the token's or coin's smallest unit.",
      resolve: ({ amount }) => BigInt(amount.toFixed(0)),
    }),
    amount: t.field({
      type: MoneyType,
      nullable: true,
      description: 'How much of a known asset.',
      resolve: ({ amount, asset }) => (asset === null ? null : money(amount, asset)),
    }),
    address: t.exposeString('address', { description: 'Where it went.' }),
    addressNetwork: t.field({
      type: NetworkCodeEnum,
      description: 'The network that the address was given out for.',
      resolve: ({ addressNetwork }) => networkCode(addressNetwork),
    }),
    invoiceId: t.id({
      nullable: true,
      description: 'Global id of the invoice that the address was given to.',
      resolve: ({ invoiceId }) => invoiceId && encodeGlobalID('Invoice', invoiceId),
    }),
    staticWalletId: t.id({
      nullable: true,
      description: 'Global id of the static wallet that the address was given to.',
      resolve: ({ staticWalletId }) => staticWalletId && encodeGlobalID('StaticWallet', staticWalletId),
    }),
    blockHeight: t.expose('blockHeight', { type: 'BigInt', description: 'The block that holds it.' }),
    blockHash: t.exposeString('blockHash', { description: 'Hash of that block.' }),
    seenAt: t.expose('seenAt', { type: 'DateTime', description: 'When it was seen first.' }),
    orphanedAt: t.expose('orphanedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a reorganisation took it away; null while it stands.',
    }),
  }),
});
