import { mayOperate } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, MoneyType, money, NetworkCodeEnum } from '../money/money.types.ts';

export const CustodyCheck = builder.prismaNode('CustodyCheck', {
  description:
    'The last look at what the ledger says is held of an asset on a network, and at what the chain says. For operators.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => (mayOperate(actor, 'custody:read') ? { id } : { id, OR: [] }),
  authScopes: { operator: 'custody:read' },
  runScopesOnType: true,
  fields: (t) => ({
    network: t.field({
      type: NetworkCodeEnum,
      description: 'The network.',
      resolve: ({ network }) => network as typeof NetworkCodeEnum.$inferType,
    }),
    asset: t.field({
      type: AssetCodeEnum,
      description: 'What is held.',
      resolve: ({ asset }) => asset as typeof AssetCodeEnum.$inferType,
    }),
    ledger: t.field({
      type: MoneyType,
      description: "What should be held, the operator's own funds included.",
      resolve: ({ ledger, asset }) => money(ledger, asset),
    }),
    chain: t.field({
      type: MoneyType,
      description: "What the gateway's keys hold on the chain.",
      resolve: ({ chain, asset }) => money(chain, asset),
    }),
    difference: t.field({
      type: MoneyType,
      description: 'What the chain has more than the ledger; negative when money is missing.',
      resolve: ({ ledger, chain, asset }) => money(chain.minus(ledger), asset),
    }),
    height: t.expose('height', { type: 'BigInt', description: 'The block up to which both were looked at.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When they were looked at.' }),
    differsSince: t.expose('differsSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when they differ; null while they agree.',
    }),
    toldAt: t.expose('toldAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the difference had held for two looks and was told; null while there is none to tell.',
    }),
  }),
});
